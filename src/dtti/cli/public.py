"""`dtti public`: the public face of a node, as a folder of plain files for any web server."""

from pathlib import Path
from typing import Annotated

import typer

from .answer import answering, say
from .nodes import node_at
from .options import Json, NodeFolder


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(public)


def public(
    node: NodeFolder,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="the folder; made anew if it was made before")],
    url: Annotated[str, typer.Option("--url", metavar="URL", help="where it will be served; a sitemap needs it")] = "",
    as_json: Json = False,
) -> None:
    """What anybody may see of a node, as a folder of plain files for any web server."""
    if url and not url.startswith(("https://", "http://")):
        raise typer.BadParameter(f"{url[:60]!r} is no address; give it as https://...")
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.people import accounts

        system = node_at(node)
        accounts.start(node)
        from dtti.web.public.folder import make

        done = make(system, out, base=url)
        made = done.made
        words = [f"{made.files} files, {made.pages} of them pages, as of {made.as_of}, in {out}."]
        words += [f"{done.kept} answers stand as they did, {done.anew} were made anew."] if done.kept else []
        if done.unkept:
            words.append(f"It stands. No note of it could be kept ({done.unkept}): the next run makes every page anew.")
        words += [] if url else ["Feeds have relative addresses and there is no sitemap; --url gives both."]
        more = {"out": str(out), "anew": done.anew, "kept": done.kept, "others": done.others}
        more |= {"unkept": done.unkept} if done.unkept else {}
        say({**msgspec.to_builtins(made), **more}, words, as_json=as_json)
