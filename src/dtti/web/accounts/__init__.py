"""Signing in, the second factor, taking a seat. Knows persons and seats; knows no record."""
