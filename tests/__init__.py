"""The tests mirror src/dtti; two_nodes, simulator and bench stand beside the mirror."""
