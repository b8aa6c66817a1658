"""The pages. A door: it asks the node and shows the answer; no rule lives here."""
