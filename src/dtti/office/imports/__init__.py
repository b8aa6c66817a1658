"""What an office brings in files: read into proposals, matched against the record, confirmed by a person elsewhere."""
