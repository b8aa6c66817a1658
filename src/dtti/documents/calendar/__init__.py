"""Calendars: invitations, feeds and replies as iCalendar files, and the finder of dates for a meeting. Knows no record.

`event` and `feed` say what is written, `write` and `read` are the two directions, `change` is what follows when a
meeting moves. `request`, `find` and `table` are the date finder; `offdays` and `standing` what it knows of both
countries' years. `clocks` says a moment by both capitals' clocks.
"""
