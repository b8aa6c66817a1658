"""The register of actions as a sheet to keep, and a sheet brought in and compared with it. Holds no rule."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.documents.sheet.outcome import Reading
from dtti.documents.values import Language, Words
from dtti.office import action_sheets as office
from dtti.office import actions as registers
from dtti.programme.kinds.action_report import ACTION_REPORT
from dtti.web.page import answer, asked_by, moment, not_here, route
from dtti.web.parts import Row

from . import acting, actions, entries, shown, words
from .acting import as_page
from .action_reports import GIVEN
from .shown import Names

_TITLE: Final = Words(en="Actions and commitments", hi="कार्रवाइयाँ और वचनबद्धताएँ")
MOST_PROBLEMS: Final = 100  # that the page lists; the rest are counted


def sheet(request: HttpRequest, form: str) -> HttpResponse:
    """The register as it is filtered, as XLSX or CSV. It is written into the reading and export log."""
    if form not in ("xlsx", "csv"):
        raise not_here(_("file"))
    when = moment(request)
    rows = registers.register(asked_by(request, when), actions.query(request)).rows
    names = actions.named(request, when, rows)
    made = office.table(rows, called(names), _language(), _TITLE, when.today.isoformat())
    from dtti.documents.sheet.write_csv import write_csv
    from dtti.documents.sheet.write_xlsx import write_xlsx  # here, since it is large and most pages are no files

    data = write_xlsx(made, _language()) if form == "xlsx" else write_csv(made, _language())
    entries.log(request, "")
    return entries.download(data, f"actions-{when.today.isoformat()}.{form}")


def called(names: Names) -> Any:
    """What a sheet calls what stands behind a link, in plain text; a text that is no link as it is."""

    def call(link: str) -> str:
        row = names.row(link)
        return names.plainly(row) if row is not None else link if ": " in link else link.partition(":")[2] or link

    return call


def _language() -> Language:
    return "hi" if words.language() == "hi" else "en"


def bring_in(request: HttpRequest) -> HttpResponse:
    """Bring in a sheet: how it differs from the record, with a report to confirm for each row that says something new.

    Nothing of it is kept: the same sheet again shows what is still new.
    """
    page = as_page(request)
    if not page.viewer.person:
        raise not_here(_("form"))
    acting.ask(page, "write_draft:state", ACTION_REPORT.code)
    reading: Reading | None = None
    compared: office.Compared | None = None
    errors: list[Correction] = []
    order = request.POST.get("order", "")
    names = None
    if request.method == "POST":
        try:
            reading = _read(request, order)
        except Refused as refused:
            errors = [each.said("file") for each in refused.refusals]
        if reading is not None and reading.good:
            asking = asked_by(request, moment(request))
            names = actions.named(request, moment(request), registers.made(asking).actions)
            compared = office.compare(asking, reading, called(names))
    told = reading.told(_language()) if reading else None
    return answer(
        request,
        "work/bring_in_actions.html",
        {"compared": compared, "reading": told, "errors": errors},
        columns=_columns(told) if told else [],
        problems=told["problems"][:MOST_PROBLEMS] if told else [],
        problem_count=reading.problem_count if reading else 0,
        rows=[_row(names, each) for each in compared.rows] if compared and names else [],
        unknown=[
            {"number": str(each.number), "ref": each.ref or "–", "text": shown.text(each.text) if each.text else "–"}
            for each in compared.unknown
        ]
        if compared
        else [],
        same=words.many(
            "%(num)s row says what the record says.", "%(num)s rows say what the record says.", compared.same
        )
        if compared
        else "",
        order=order,
        largest=page.node.config.largest_file_mib,
        sheet=reverse("actions-sheet", args=["xlsx"]),
    )


def _read(request: HttpRequest, order: str) -> Reading:
    """The sheet that was sent, read; Refused where there is none, or it is no sheet."""
    sent = request.FILES.get("file")
    limit = as_page(request).node.config.largest_file_mib * 1024 * 1024
    if sent is None:
        raise Refused(refuse("file", "No file was given.", "Choose an Excel workbook or a CSV file."))
    if (sent.size or 0) > limit:
        remedy = "Send the sheet alone, without pictures."
        raise Refused(refuse("file-size", f"a file of {sent.size:,} bytes; the limit here is {limit:,}", remedy))
    chosen = cast("Literal['dmy', 'mdy'] | None", order if order in ("dmy", "mdy") else None)
    name = (sent.name or "")[:200]
    return office.read(sent.read(), name, chosen, _language())


def _columns(told: dict[str, Any]) -> list[dict[str, str]]:
    """How each column of the sheet was understood."""
    return [
        {
            "column": each["column"],
            "heading": shown.text(each["heading"]) if each["heading"] else "–",
            "key": _column(each["key"]) if each["key"] else _("not read"),
            "why": each["why"],
        }
        for each in told["columns"]
    ]


def _column(key: str) -> str:
    return office.column(key).name.spoken(_language())[0]


def _row(names: Names, row: office.Row) -> Row:
    """A row that differs: the action, what the sheet says anew, what it cannot change, the report it would become."""
    return {
        "number": str(row.number),
        "action": actions.line(names, row.action),
        "new": _differ(row.new),
        "joint": _differ(row.joint),
        "report": _report(names, row),
    }


def _differ(cells: list[office.Differs]) -> Any:
    said = [
        _("%(column)s: %(sheet)s (the record: %(record)s)")
        % {
            "column": _column(each.column),
            "sheet": _value(each, each.sheet),
            "record": _value(each, each.record) or "–",
        }
        for each in cells
    ]
    return shown.lines(said) or "–"


def _value(cell: office.Differs, value: str) -> str:
    if cell.column == "status" and value:
        return _status(value)
    if cell.column in ("due", "due_now", "done") and value:
        return str(shown.macro("value", "value", shown.when(value)).striptags())
    return value


def _status(code: str) -> str:
    choices = {each.code: each.name for each in office.column("status").choices}
    return choices[code].spoken(_language())[0] if code in choices else code


def _report(names: Names, row: office.Row) -> Any:
    """The way to the report that a row would become, filled in with what it says."""
    held = names.row(row.action.record)
    if row.says is None or held is None:
        return _("nothing to report") if not row.new else _("its owner is the other side") if not row.mine else "–"
    given = signing.dumps(
        {name: getattr(row.says, name) for name in row.says.__struct_fields__}, salt=GIVEN, compress=True
    )
    if row.action.number:
        url = reverse("report-action", args=[held.code, row.action.number])
    else:
        url = reverse("report-commitment", args=[held.code])
    return {"text": _("Report this"), "url": f"{url}?given={given}"}


PATTERNS: Final[list[URLPattern]] = [*route("actions/bring-in/", bring_in, "bring-in-actions")]
READING: Final[list[URLPattern]] = [path("actions/list.<slug:form>", sheet, name="actions-sheet")]
