"""The rooms of the office: what is shown and what can be done, before any page."""
