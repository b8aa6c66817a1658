"""The industry forum: the terms under which recommendations are received and answered. Pure; knows no page."""
