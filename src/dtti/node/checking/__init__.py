"""Checking what stands from its bytes, proving it to others, and looking at it entry by entry. Writes nothing."""
