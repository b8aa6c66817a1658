"""The words in which a sheet is found wrong, read or noted, in English and Hindi. Knows no cell and no rule's logic.

Each rule has a reason and a remedy in both languages; places in braces are filled with what was found. Problems
stand at a cell; refusals at a file; notices say what was done that one might not expect.
"""

from typing import NamedTuple

from dtti.accord.refusal import Refusal, Refused
from dtti.documents.values import Language, Words

from .phrases_hi import HINDI

#: What fills the places of a phrase: a text as found, or a name in both languages.
Filling = str | Words


class Phrase(NamedTuple):
    """Why, and what would satisfy the rule ("" for a notice that asks for nothing)."""

    reason: str
    remedy: str = ""


PROBLEMS: dict[str, Phrase] = {
    "sheet-required": Phrase("{column} is empty", "Every row needs it: fill the cell, or take the row out."),
    "sheet-missing-column": Phrase(
        "no column is read as {column}, which every row needs",
        "Add the column, or say in the mapping which column holds it.",
    ),
    "sheet-two-columns": Phrase(
        "two columns may be {column}: {cells}", "Rename one of them, or say in the mapping which one holds it."
    ),
    "sheet-repeated": Phrase(
        "{column} stands already in row {other}", "Each may stand once: correct one, or take one row out."
    ),
    "sheet-choice": Phrase("“{found}” is not known under {column}", "Write one of: {choices}."),
    "sheet-long": Phrase(
        "{column} has {length} characters; at most {most} are kept",
        "Shorten it, or keep the text as a paper of its own.",
    ),
    "sheet-control": Phrase(
        "{column} holds a sign that no text has (U+{code})",
        "Type the cell again; copying from another program left it.",
    ),
    "sheet-email": Phrase("“{found}” is no e-mail address", "Write one address, as name@example.org."),
    "sheet-phone": Phrase(
        "“{found}” is a telephone number that a spreadsheet has shortened", "Type it again in a cell formatted as text."
    ),
    "sheet-ref-date": Phrase(
        "{column} was turned into a date by a spreadsheet program ({found})",
        "Format the cell as text and type it again.",
    ),
    "sheet-number": Phrase("“{found}” is no number", "Write digits, as 1,23,45,678 or 12,345,678 or 2.5 crore."),
    "sheet-number-grouping": Phrase(
        "“{found}” is grouped neither by lakh nor by thousands",
        "Write 1,23,45,678.50 or 12,345,678.50, with a full stop before the fraction.",
    ),
    "sheet-number-scientific": Phrase(
        "“{found}” was shortened by a spreadsheet program, and digits may be lost", "Write the number out in full."
    ),
    "sheet-number-nil": Phrase(
        "“{found}” may mean nothing at all, or not known",
        "Write 0 where it is nothing; leave it empty where it is not known.",
    ),
    "sheet-number-whole": Phrase("“{found}” is not a whole number", "Write a whole number."),
    "sheet-money-currency": Phrase(
        "“{found}” does not say in which currency", "Write ₹ or US$ before it, or into the heading of the column."
    ),
    "sheet-money-two": Phrase("“{found}” names two currencies", "Write one."),
    "sheet-money-against": Phrase(
        "“{found}” is in {one}, and {where} says {other}", "Correct one of the two; nothing is converted here."
    ),
    "sheet-money-scale": Phrase(
        "“{found}” names its own unit, and so does the heading ({heading})",
        "Write the unit in one place; otherwise it would count twice.",
    ),
    "sheet-percent-scale": Phrase(
        "“{found}” may be {found} per cent, or a part of one", "Write the percent sign: 45%, or 0.45%."
    ),
    "sheet-date": Phrase("“{found}” is no date that can be read", "Write it as 26 Jan 2027, or Jan 2027, or 2027."),
    "sheet-date-order": Phrase(
        "“{found}” may be {one} or {other}, and nothing in its column decides",
        "Write the month as a word, or say which stands first: the day or the month.",
    ),
    "sheet-date-mixed": Phrase(
        "“{found}” may be {one} or {other}; its column has dates that fit only day first ({dmy}) and others that "
        "fit only month first ({mdy})",
        "Write the month as a word in this column, or say which stands first: the day or the month.",
    ),
    "sheet-date-against": Phrase(
        "“{found}” does not fit the order that was given ({order})",
        "Write the month as a word, or give the other order.",
    ),
    "sheet-date-calendar": Phrase("“{found}” is not in the calendar", "Correct day, month or year (1900 to 2199)."),
    "sheet-date-short": Phrase("“{found}” has a year of two digits", "Write the year with four digits."),
    "sheet-date-fiscal": Phrase(
        "“{found}” is a financial year, not a date", "Write a date, a month (Apr 2019) or a year."
    ),
    "sheet-date-fiscal-or-month": Phrase(
        "“{found}” may be the financial year or the month {month}", "Write the month as a word, or a whole date."
    ),
    "sheet-date-serial": Phrase(
        "“{found}” is a number that is no date between 1 Mar 1900 and 2199", "Type the date again."
    ),
    "sheet-date-number": Phrase(
        "“{found}” is a plain number; if it were formatted as a date it would be {date}",
        "Format the cell as a date where it is one, or write the date.",
    ),
    "sheet-formula": Phrase(
        "{column} is a formula without a stored result",
        "Open the file in a spreadsheet program, let it calculate, and save; or write the value.",
    ),
    "sheet-error": Phrase("{column} shows the error {found}", "Correct the formula, or write the value."),
    "sheet-merged": Phrase(
        "{cells} are merged across columns, so that it is not known which one the value belongs to",
        "Unmerge the cells.",
    ),
}

REFUSALS: dict[str, Phrase] = {
    "sheet-register": Phrase("There is no register called {found}", "Give one of: {choices}."),
    "sheet-kind": Phrase("{file} is {what}, not a spreadsheet", "Save it as an Excel workbook (.xlsx) or as CSV."),
    "sheet-empty": Phrase("{file} holds no rows", "Give the file that holds the register."),
    "sheet-size": Phrase("{file} has {size} MiB; at most {most} MiB are read", "Send it in parts."),
    "sheet-rows": Phrase("{file} has more than {most} rows", "Send it in parts."),
    "sheet-width": Phrase("{file} has more than {most} columns in row {row}", "Take out what is not a column."),
    "sheet-utf8": Phrase(
        "{file} is broken UTF-8: byte {byte} at offset {offset} (line {line}) belongs to no character",
        "Save it again as CSV UTF-8; part of the text was lost or cut on the way.",
    ),
    "sheet-encoding": Phrase(
        "{file} is in no encoding that can be told: byte {byte} at offset {offset} (line {line})",
        "Save it as CSV UTF-8.",
    ),
    "sheet-utf16": Phrase(
        "{file} is broken UTF-16 at byte offset {offset}", "Save it again as CSV UTF-8, or as an Excel workbook."
    ),
    "sheet-csv": Phrase(
        "{file} cannot be read as CSV from record {row} on: {what}",
        "Look for a quotation mark that is not closed or not doubled; or save it as an Excel workbook.",
    ),
    "sheet-header": Phrase(
        "{file} has no row of headings that fits {register}",
        "The headings wanted are: {wanted}. Give the file of that register, or a mapping.",
    ),
    "sheet-which": Phrase("more than one sheet of {file} fits {register}: {sheets}", "Say which sheet is meant."),
    "sheet-no-sheet": Phrase("{file} has no sheet called {found}", "Its sheets are: {sheets}."),
    "sheet-mapping": Phrase(
        "the mapping cannot be used: {why}", "Read the file without it, and keep the mapping made then."
    ),
    "sheet-mapping-header": Phrase(
        "the mapping was made for other headings: {why}", "Read the file without it, and keep the mapping made then."
    ),
    "sheet-external": Phrase(
        "{file} is linked to other workbooks ({part})",
        "Break the links (Data, Edit Links), so that it holds its values, and save.",
    ),
    "sheet-part": Phrase(
        "{file}: {part} is missing or cannot be read: {why}", "Save it again in the program it came from."
    ),
    "sheet-problems": Phrase(
        "{file} has {count} problems; nothing of it is taken", "Correct them and read the file again: {first}."
    ),
    "sheet-dry-run": Phrase("this command reads and shows; it changes no record", "Add --dry-run."),
    "sheet-table": Phrase("the table cannot be written: {why}", "Correct it and write it again."),
}

NOTICES: dict[str, Phrase] = {
    "sheet-above": Phrase("Left out above the headings: {found}"),
    "sheet-two-rows": Phrase("The headings stand in two rows ({rows}) and were read as one"),
    "sheet-unread": Phrase("Columns not read: {found}"),
    "sheet-close": Phrase(
        "Column {found} was taken for {column}, which is spelled nearly so", "Confirm it in the mapping."
    ),
    "sheet-hidden-columns": Phrase("Hidden columns were read too: {found}"),
    "sheet-hidden-rows": Phrase("Hidden rows, which were read too: {count}, the first is row {first}"),
    "sheet-hidden-sheets": Phrase("Hidden sheets were not read: {found}"),
    "sheet-other-sheets": Phrase("Other sheets were not read: {found}"),
    "sheet-numbered": Phrase("Row {row} only numbers the columns and was left out"),
    "sheet-blank": Phrase("Rows with nothing in the columns that are read: {count}, the first is row {first}"),
    "sheet-totals": Phrase("Rows of totals were left out: {found}"),
    "sheet-sections": Phrase("Rows that are headings of a section were left out: {found}"),
    "sheet-formulas": Phrase("Formulas, of which the stored results were read: {count}, the first in {first}"),
    "sheet-struck": Phrase(
        "Cells struck through, wholly or in part, which were read all the same: {count} ({found})",
        "Ask whether they still hold, and take out what does not.",
    ),
    "sheet-comments": Phrase(
        "Comments on cells, which are no value of the register: {count} ({found})",
        "Put what they say into the columns, if it is to hold.",
    ),
    "sheet-orders": Phrase(
        "{column} has dates written day first ({days}, the first in {one}) and dates written month first ({months}, "
        "the first in {other}); each fits only one order",
        "Compare them with the original.",
    ),
    "sheet-recalculate": Phrase(
        "The workbook asks to be calculated anew when opened: stored results may be old",
        "Open, save, and read it again.",
    ),
    "sheet-cp1252": Phrase(
        "The file is not UTF-8; it was read as Windows-1252 (first sign beyond ASCII: {found}, byte offset {offset})",
        "Look at the names in the preview.",
    ),
    "sheet-utf16-read": Phrase("The file was read as UTF-16"),
    "sheet-delimiter": Phrase("Columns are divided by {found}"),
    "sheet-order": Phrase(
        "{column} was read {order}: dates that fit nothing else: {count}, the first in {first}; decided so: {open}"
    ),
    "sheet-order-given": Phrase("{column} was read {order}, as given: dates decided by it: {open}"),
    "sheet-order-suspect": Phrase(
        "{column} holds, as text, dates that fit only {order}, and real dates none of which is after the 12th of "
        "a month ({count}, the first in {first}). A program set to the other order makes such dates, day and month "
        "exchanged",
        "Compare those with the original.",
    ),
    "sheet-filled": Phrase("Cells that took the value of the merged cell above them: {count}, the first in {first}"),
    "sheet-times": Phrase("{column}: cells in which a time of day was left out: {count}, the first in {first}"),
    "sheet-short": Phrase(
        "{column}: years of two digits that were read as 1970 to 2069: {count}, the first in {first}"
    ),
    "sheet-month": Phrase("{column}: dates shown as a month or year only, and read so: {count}, the first in {first}"),
    "sheet-unknown": Phrase("{column}: “{found}” was read as not known: {count}, the first in {first}"),
    "sheet-unit": Phrase("{column}: the heading gives the unit {found} for the whole column"),
    "sheet-dollar": Phrase("{column}: $ was read as US dollars: {count}, the first in {first}"),
    "sheet-named": Phrase("The file is called {found} but is text; it was read as CSV"),
}

ORDER: dict[str, Words] = {
    "dmy": Words(en="day first", hi="पहले दिन"),
    "mdy": Words(en="month first", hi="पहले महीना"),
}

_ENGLISH = {**PROBLEMS, **REFUSALS, **NOTICES}


def say(rule: str, language: Language, filling: dict[str, Filling]) -> tuple[str, str]:
    """Reason and remedy of `rule` in `language`: the reason without its full stop, the remedy with it."""
    reason, remedy = _ENGLISH[rule] if language == "en" else HINDI[rule]
    spoken = {key: each if isinstance(each, str) else each.spoken(language)[0] for key, each in filling.items()}
    made = reason.format_map(spoken)
    if not reason.startswith("{"):  # a file keeps its name
        made = made[:1].upper() + made[1:]
    return made, remedy.format_map(spoken)


class Fault(Exception):
    """A file that cannot be read, on its way out of this package: the rule and what fills its words."""

    def __init__(self, rule: str, **filling: Filling) -> None:
        super().__init__(rule)
        self.rule, self.filling = rule, filling

    def refused(self, language: Language) -> Refused:
        """The same as everyone outside sees it."""
        reason, remedy = say(self.rule, language, self.filling)
        return Refused(Refusal(self.rule, reason, remedy))
