"""`dtti calendar`: days for a meeting, invitations, feeds and replies, from plain data in files. Holds no rule."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from .answer import answering, say
from .options import Json, day

if TYPE_CHECKING:
    from dtti.documents.calendar.clocks import Languages
    from dtti.documents.calendar.event import AllDay, Timed
    from dtti.documents.calendar.read import Reply

T = TypeVar("T")

calendar = typer.Typer(
    name="calendar",
    help="Days for a meeting, invitations and feeds.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Lang = Annotated[str, typer.Option("--lang", metavar="L", help="en, hi or both")]
Out = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="where to write; else to the terminal")
]
LARGEST = 64 * 1024 * 1024  # of a data file, in bytes


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.add_typer(calendar)


@calendar.command()
def find(
    data: Annotated[Path | None, typer.Option("--data", metavar="FILE", help="the whole request as JSON")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="the earliest first day")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="the latest first day")] = None,
    days: Annotated[int | None, typer.Option(metavar="N", help="how many days on end")] = None,
    host: Annotated[str | None, typer.Option(metavar="SIDE", help="IND or USA; without a host by video")] = None,
    minutes: Annotated[int | None, typer.Option(metavar="N", help="how long, by video")] = None,
    most: Annotated[int | None, typer.Option(metavar="N", help="how many proposals")] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Days for a meeting of both sides, scored, with everything known against each."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.documents.calendar.find import answer
        from dtti.documents.calendar.request import Request
        from dtti.documents.calendar.table import table

        request = _plain(data) if data else {}
        if not isinstance(request, dict):
            raise _refused(f"{data} does not hold a request.", "Write it as a JSON object; docs/papers/calendars.md.")
        given: dict[str, Any] = {"days": days, "host": host, "minutes": minutes, "most": most}
        given |= {"first": _iso(first), "last": _iso(last)}
        request |= {name: value for name, value in given.items() if value is not None}
        if not data and host is None:
            request["mode"] = "virtual"
        found = answer(_made(request, Request, str(data) if data else "the request"))
        say(msgspec.to_builtins(found), table(found, _languages(lang)), as_json=as_json)


@calendar.command()
def invite(
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="the meeting as JSON")],
    before: Annotated[
        Path | None, typer.Option("--before", metavar="FILE", help="the meeting as it was last sent, as JSON")
    ] = None,
    output: Out = None,
    lang: Lang = "both",
    as_json: Json = False,
) -> None:
    """An invitation as a calendar file, or the cancellation of a meeting whose status is CANCELLED."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.documents.calendar.change import messages, revise
        from dtti.documents.calendar.event import Event
        from dtti.documents.calendar.write import write_cancellation, write_invitation

        languages = _languages(lang)
        event = _made(_plain(data), Event, str(data))
        if before is None:
            write = write_cancellation if event.status == "CANCELLED" else write_invitation
            sent = [(event.attendees, write(event, languages))]
        else:
            old = _made(_plain(before), Event, str(before))
            event = revise(old, event)
            sent = messages(old, event, languages)
        files = [_written(file, _numbered(output, number)) for number, (_, file) in enumerate(sent)]
        made = {
            "uid": event.uid,
            "sequence": event.sequence,
            "messages": [
                {"to": [each.address for each in to], **({"file": name} if name else {"text": file.decode()})}
                for (to, file), name in zip(sent, files, strict=True)
            ],
            "event": msgspec.to_builtins(event),
        }
        _answered(made, sent, files, as_json=as_json)


@calendar.command()
def feed(
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="the feed and its entries as JSON")],
    output: Out = None,
    lang: Lang = "both",
    as_json: Json = False,
) -> None:
    """A calendar to subscribe to, with no attendee in it."""
    with answering(as_json=as_json):
        from dtti.documents.calendar.event import Feed
        from dtti.documents.calendar.write import write_feed

        published = _made(_plain(data), Feed, str(data))
        file = write_feed(published, _languages(lang))
        name = _written(file, output)
        made: dict[str, Any] = {"entries": len(published.events), "bytes": len(file)}
        made |= {"file": name} if name else {"text": file.decode()}
        _answered(made, [((), file)], [name], as_json=as_json)


@calendar.command()
def reply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the reply as the mail program sent it (.ics)")],
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FILE", help="the meeting that it answers, as JSON")
    ] = None,
    as_json: Json = False,
) -> None:
    """What somebody who was invited answers."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.documents.calendar.event import Event
        from dtti.documents.calendar.read import read_reply
        from dtti.node.folder.intake import REPLY, read_file

        content = read_file(file, REPLY)
        found = read_reply(content, _made(_plain(data), Event, str(data)) if data else None)
        which = {None: "", True: ", the present one", False: ", which has changed since"}[found.current]
        words = [f"{found.address}: {_said(found)}, to version {found.sequence}{which}"]
        say(msgspec.to_builtins(found), words, as_json=as_json)


def _said(found: "Reply") -> str:
    """What an answer says, in words."""
    said = [found.answer.lower()]
    if found.proposed:
        comment = f" ({' '.join(found.comment.split())})" if found.comment else ""
        said = [f"asks for another time, {_when(found.proposed)}{comment}"]
    if found.delegated_to:
        said.append(f"sends {', '.join(found.delegated_to)} instead")
    if found.delegated_from:
        said.append(f"in place of {', '.join(found.delegated_from)}")
    return ", ".join(said)


def _when(at: "Timed | AllDay") -> str:
    from zoneinfo import ZoneInfo

    from dtti.documents.calendar.event import AllDay
    from dtti.language.dates import day

    if isinstance(at, AllDay):
        days = [day(each.isoformat(), "en") for each in (at.first, at.last)]
        return " to ".join(dict.fromkeys(days))
    start, end = (each.astimezone(ZoneInfo(at.zone)) for each in (at.start, at.end))
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{day(end.date().isoformat(), 'en')} {end:%H:%M}"
    return f"{day(start.date().isoformat(), 'en')} {start:%H:%M} to {until} {at.zone}"


def _answered(made: object, sent: list[Any], files: list[str | None], *, as_json: bool) -> None:
    words = [
        line
        for (_, file), name in zip(sent, files, strict=True)
        for line in ([name] if name else file.decode().split("\r\n"))
    ]
    say(made, words or ["Nothing changed that anybody needs to be told."], as_json=as_json)


def _written(file: bytes, output: Path | None) -> str | None:
    if output is None:
        return None
    output.write_bytes(file)
    return str(output)


def _numbered(output: Path | None, number: int) -> Path | None:
    """The first message goes to the file that was named, the next beside it: `moved.ics`, `moved-2.ics`."""
    return output.with_stem(f"{output.stem}-{number + 1}") if output and number else output


def _plain(path: Path) -> object:
    from dtti.ledger import outside

    try:
        return outside.read_json(outside.read(path, LARGEST))
    except outside.TooLarge:
        raise _refused(f"{path} has more than {LARGEST:,} bytes.", "Give it in parts.") from None
    except ValueError as error:
        raise _refused(f"{path} is not JSON: {error}.", "Correct the file; docs/papers/calendars.md.") from None


def _made(plain: object, kind: type[T], what: str) -> T:
    import msgspec

    try:
        return msgspec.convert(plain, kind)
    except (msgspec.ValidationError, ValueError) as error:
        raise _refused(
            f"{what}: {error}.", "Correct it; docs/papers/calendars.md gives the shape of every file."
        ) from None


def _refused(reason: str, remedy: str) -> Exception:
    from dtti.accord.refusal import Refused, refuse

    return Refused(refuse("calendar-data", reason, remedy))


def _iso(value: str | None) -> str | None:
    date = day(value)
    return date.isoformat() if date else None


def _languages(lang: str) -> "Languages":
    if lang not in ("en", "hi", "both"):
        raise typer.BadParameter(f"{lang[:20]!r} is no language here; say en, hi or both")
    return cast("Languages", lang)
