"""Waiting: whose days they are, why, and when a project counts as at rest. Pure; knows no node, no page."""
