"""Asking the record: lists, searches, states on a day and as known. Every answer goes through `core.visibility`."""
