"""`dtti sheet`: registers that offices keep are read and shown, tables are written. Changes no record."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from .answer import BAD, answering, progress, say
from .options import Json

if TYPE_CHECKING:
    from dtti.documents.sheet.outcome import Mapping, Reading

Register = Literal["projects", "needs", "actions", "commitments", "contacts", "contracts", "claims"]
Language = Annotated[Literal["en", "hi"], typer.Option("--lang", help="language of headings and messages")]
SHOWN = 40


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    sheet = typer.Typer(help="Registers from spreadsheets, and tables as spreadsheets.", no_args_is_help=True)
    sheet.command("import")(import_)
    sheet.command()(export)
    sheet.command()(template)
    app.add_typer(sheet, name="sheet")


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="an Excel workbook (.xlsx) or CSV")],
    register: Annotated[Register, typer.Option("--register", help="what the file is a register of")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="read and show; nothing is changed")] = False,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="M", help="which column is which: read from M, or kept there if M is new"),
    ] = None,
    date_order: Annotated[
        Literal["dmy", "mdy"] | None, typer.Option("--date-order", help="what decides dates such as 03/04/2026")
    ] = None,
    sheet: Annotated[str, typer.Option("--sheet", metavar="S", help="which sheet of a workbook")] = "",
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """Read a register whole: how its columns are understood, its first rows, and every problem by cell."""
    with answering(as_json=as_json):
        from dtti.documents.sheet.phrases import Fault
        from dtti.papers.registers import read_register

        if not dry_run:
            raise Fault("sheet-dry-run").refused(lang)
        kept = _mapping(mapping, lang) if mapping and mapping.exists() else None
        if file.is_file():
            from dtti.node.folder.intake import DATA, read_file
            from dtti.office import intake

            intake.file(read_file(file, DATA), file.name)
        progress(f"{file.name} ...")
        reading = read_register(file, register, kept, sheet=sheet, date_order=date_order, language=lang)
        progress("")
        if mapping and kept is None:
            import msgspec

            held = msgspec.json.format(msgspec.json.encode(reading.mapping), indent=2)
            mapping.write_bytes(held + b"\n")
        told = reading.told(lang)
        say(told, _words(reading, told, lang), as_json=as_json)
    if not reading.good:
        raise typer.Exit(BAD)


def export(
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="the table as JSON; docs/papers/sheets.md")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="OUT.xlsx or OUT.csv")],
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """Write a table as an Excel workbook or as CSV, by the name of the file."""
    with answering(as_json=as_json):
        from dtti.documents.sheet.table import from_json
        from dtti.node.folder.intake import DATA, read_file

        _write(from_json(read_file(data, DATA), lang), output, lang, as_json=as_json)


def template(
    register: Annotated[Register, typer.Option("--register", help="of which register")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="OUT.xlsx or OUT.csv")],
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """Write an empty register with its headings, to be filled in and read back."""
    with answering(as_json=as_json):
        from dtti.documents.sheet.table import template as empty
        from dtti.papers.registers import register as register_of

        _write(empty(register_of(register), lang), output, lang, as_json=as_json)


def _write(table: Any, output: Path, lang: Literal["en", "hi"], *, as_json: bool) -> None:
    from dtti.documents.sheet.write_csv import write_csv
    from dtti.documents.sheet.write_xlsx import write_xlsx

    kind = output.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise typer.BadParameter(f"{output.name}: give a name that ends in .xlsx or .csv")
    made = write_xlsx(table, lang) if kind == ".xlsx" else write_csv(table, lang)
    output.write_bytes(made)
    told = {"file": str(output), "rows": len(table.rows), "columns": len(table.columns), "bytes": len(made)}
    say(told, [f"{output}: {len(table.rows)} rows, {len(table.columns)} columns, {len(made):,} bytes"], as_json=as_json)


def _mapping(path: Path, lang: Literal["en", "hi"]) -> "Mapping":
    import msgspec

    from dtti.documents.sheet.outcome import Mapping
    from dtti.documents.sheet.phrases import Fault
    from dtti.node.folder.intake import DATA, read_file

    try:
        return msgspec.json.decode(read_file(path, DATA), type=Mapping)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Fault("sheet-mapping", why=f"{path.name}: {error}").refused(lang) from None


_SAID: dict[str, dict[str, str]] = {
    "en": {
        "columns": "Columns",
        "unread": "not read",
        "rows": "Rows",
        "notices": "Noted",
        "problems": "Problems",
        "more": "... and {count} more; --json lists the first {most}",
        "good": "Every row can be taken.",
        "bad": "Nothing is taken until these are corrected.",
    },
    "hi": {
        "columns": "स्तंभ",
        "unread": "नहीं पढ़ा गया",
        "rows": "पंक्तियाँ",
        "notices": "ध्यान दें",
        "problems": "त्रुटियाँ",
        "more": "... और {count}; --json पहली {most} दिखाता है",
        "good": "हर पंक्ति ली जा सकती है।",
        "bad": "जब तक ये ठीक नहीं होतीं, कुछ भी नहीं लिया जाता।",
    },
}


def _words(reading: "Reading", told: dict[str, Any], lang: Literal["en", "hi"]) -> list[str]:
    """The reading as lines: columns, first rows, what was noted, problems by cell."""
    from dtti.documents.sheet.spoken import cut, spoken
    from dtti.papers.registers import register

    said, stop = _SAID[lang], "।" if lang == "hi" else "."
    columns = {column.key: column for column in register(reading.register).columns}
    names = {key: column.name.spoken(lang)[0] for key, column in columns.items()}
    where = f"{reading.file}, {reading.sheet}" if reading.sheet else reading.file
    lines = [where, "", said["columns"]]
    for each in told["columns"]:
        means = names[each["key"]] if each["key"] else said["unread"]
        unit = f", {each['unit']}" if "unit" in each else ""
        lines.append(f"  {each['column']:>3}  {each['heading'][:40]} → {means} ({each['why']}{unit})")
    lines += ["", f"{said['rows']}: {reading.count}"]
    for row in reading.preview:
        values = "; ".join(
            f"{names[key]}: {cut(spoken(value, columns[key], lang), SHOWN)}" for key, value in row.values.items()
        )
        lines.append(f"  {row.number:>5}  {values}")
    if reading.notices:
        lines += ["", said["notices"]]
        lines += [f"  {each['text']}{stop} {each.get('remedy', '')}".rstrip() for each in told["notices"]]
    if reading.good:
        return [*lines, "", said["good"]]
    lines += ["", f"{said['problems']}: {reading.problem_count}"]
    lines += [f"  {each['cell']:>6}  {each['reason']}{stop} {each['remedy']}" for each in told["problems"][:SHOWN]]
    if reading.problem_count > SHOWN:
        more = {"count": reading.problem_count - SHOWN, "most": len(reading.problems)}
        lines.append(f"          {said['more'].format(**more)}")
    return [*lines, "", said["bad"]]
