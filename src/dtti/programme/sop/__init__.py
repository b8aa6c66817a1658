"""The Standard Operating Procedure: its versions as data, and what each stage of a project asks for. Pure."""
