"""The commands. A door: it asks the node and prints the answer; no rule lives here."""
