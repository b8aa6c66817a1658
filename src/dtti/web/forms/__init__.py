"""Forms for contents, made from the kinds' own types: one description serves every kind. Knows no rule of any kind.

`shape` is what a type asks, `asked` the questions with their answers, `taken` what was answered, `faults` what stands
against it in plain words, `choices` records by name, `days` dates as officials write them.
"""
