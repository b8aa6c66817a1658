"""Tests of the programme floor."""
