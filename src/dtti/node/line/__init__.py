"""What passes between the two capitals, by line, pack or file; what each does by itself; keys, recovery."""
