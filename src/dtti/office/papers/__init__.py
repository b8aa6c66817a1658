"""Papers made from the record: one mapping for each, from read models to what the paper holds."""
