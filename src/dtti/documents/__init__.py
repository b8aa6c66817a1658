"""Engines that know no agenda: typesetting, Word files, sheets, calendars, signatures, charts, Office packages.

Plain data structures in, bytes out, and the other way round. Knows no ledger, no rule of the programme, no Django.
"""
