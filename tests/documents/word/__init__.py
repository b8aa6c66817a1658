"""Texts under negotiation as Word files."""
