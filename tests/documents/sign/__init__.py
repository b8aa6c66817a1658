"""Tests of signing: references, codes and scans, electronic signatures and their judgement."""
