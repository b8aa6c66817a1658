"""Tests of the accord floor: acts, verdicts, powers, replay."""
