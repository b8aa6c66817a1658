"""Persons, seats, duties, drafts and the reading log. The one room of the node that knows Django."""
