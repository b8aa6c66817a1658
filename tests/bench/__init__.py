"""Benches: each figure as a ratio to its floor in the same run. `./run bench`. docs/speed.md has the figures taken."""
