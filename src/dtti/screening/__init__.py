"""Comparing a side's own participants with the lists it chooses. Knows the programme; knows no Django."""
