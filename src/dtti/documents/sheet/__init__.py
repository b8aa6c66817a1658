"""Spreadsheets: registers that offices keep are read, tables are written. Knows cells; applies nothing to any record.

`reading.read_register` reads a file against a register, whole or not at all; `table.Table` is what `write_xlsx` and
`write_csv` write. What a sheet calls a column is settled in `header`; what a cell means, in `dates` and `numbers`.
"""
