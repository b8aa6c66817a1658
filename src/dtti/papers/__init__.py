"""What leaves on paper and comes back: documents, Word files, spreadsheets, calendars, charts, signatures.

Plain data structures in, bytes out, and the other way round. Knows no ledger, no rule of the programme, no Django.
"""
