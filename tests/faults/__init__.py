"""Whole commands struck at any write, sync, rename or removal, and looked at as their operator would next."""
