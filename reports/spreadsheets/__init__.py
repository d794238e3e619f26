"""A case return as a spreadsheet, to be filled in offline and taken back cell by cell.

`layout` says what stands on the sheet of a case, `writing` makes a workbook of it, `key` is the
hidden part by which a workbook finds its way back, `reading` checks an upload cell by cell, and
`differences` says what taking it over would change.
"""
