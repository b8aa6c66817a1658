"""Signing: a scan bound to the text that it signs, and, where a side turns it on, electronic signatures in the PDF.

Ink is the default: print, sign, scan. `reference` and `seal` put the digest on every page, `scan` finds it again.
`keys`, `authority` and `write` sign a PDF electronically (PAdES), `check` judges a signed one, `changes` and `kept` say
what was altered. Nothing here knows a record: a text is known by its SHA-256 digest alone.
"""
