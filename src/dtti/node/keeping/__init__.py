"""Keeping a node alive: backup, restore, what is amiss and what to do. What an operator asks."""
