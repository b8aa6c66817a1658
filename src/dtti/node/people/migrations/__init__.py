"""Migrations of the accounts database."""
