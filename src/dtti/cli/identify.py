"""`dtti identify`: needs and offers of both sides, which may fit and why, what was tried before. Holds no rule."""

from typing import Annotated

import typer

from .answer import answering, say
from .nodes import asked_of
from .options import Json, Known, National, NodeFolder, On, times_of


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(identify)


def identify(
    node: NodeFolder,
    group: Annotated[str, typer.Option(metavar="GROUP", help="a working group, by reference; or domain:CODE")] = "",
    pair: Annotated[str, typer.Option(metavar="ONE,OTHER", help="a pair: both texts, and what was tried before")] = "",
    on: On = None,
    known: Known = None,
    national: National = False,
    as_json: Json = False,
) -> None:
    """Needs and offers side by side: the pairs that may fit with their reasons, never scored, and earlier attempts."""
    times = times_of(on, known)
    with answering(as_json=as_json):
        import msgspec

        from dtti.office import identify as office
        from dtti.office import standing_words
        from dtti.programme.values import encode_hook

        def why(reasons: tuple[office.Reason, ...]) -> str:
            return "; ".join(f"{each.why}: {', '.join(each.said)}" for each in reasons)

        asking = asked_of(node, times, national=national)
        if pair:
            one, _comma, other = pair.partition(",")
            found = office.pair(asking, one.strip(), other.strip())
            lines = [f"{each.row.ref} ({each.need.side}): {each.need.title}" for each in (found.one, found.other)]
            lines.append(f"  {why(found.reasons) or 'nothing says that they fit'}")
            for each in found.attempts:
                stands = standing_words.said(each.standing, "en") if each.standing else "not known"
                lines.append(f"  tried before: {each.row.ref} ({stands}); {why(each.reasons)}")
            say(msgspec.to_builtins(found, enc_hook=encode_hook), lines, as_json=as_json)
            return
        whole = office.identify(asking, group)
        lines = [f"{each.one} and {each.other}: {why(each.reasons)}" for each in whole.pairs]
        lines += [
            f"outlay {each.side} {each.year or 'unknown'}: {each.amount} {each.currency} ({', '.join(each.needs)})"
            for each in whole.outlay
        ]
        lines.append(f"{whole.basis} ({whole.version}, {whole.confidence})")
        say(msgspec.to_builtins(whole, enc_hook=encode_hook), lines, as_json=as_json)
