"""Tests of the papers of the programme."""
