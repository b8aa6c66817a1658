"""Charts as one scene with two pens, a table and a description. Knows marks, axes, rows and words; no programme."""
