"""Tests of the node floor."""
