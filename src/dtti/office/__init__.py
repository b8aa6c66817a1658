"""The work of a side's offices, a room for each subject: what is shown, and what can be done. No Django, no HTML."""
