"""DTTI, a system of record kept by two governments, each on its own machine. Imports nothing."""
