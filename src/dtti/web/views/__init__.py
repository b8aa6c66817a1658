"""The pages: each module has one subject, and none decides a rule."""
