"""Before a text is released: what the other side would see of it, and what it names that they do not see. No rule."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from django.http import HttpRequest

from dtti.node.record import read
from dtti.office import acts
from dtti.office.asking import Asking
from dtti.programme import walk
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.web import seeing
from dtti.web.page import Moment
from dtti.web.parts import Fact
from dtti.web.requests import PageRequest

from . import acting, facts
from .shown import Names
from .words import field_name


class Preview(msgspec.Struct, frozen=True):
    """What the other side would see: facts and tables of the text with the names that they know.

    `unseen`: records that it names by a reference, and that they do not see. `before`: whether an earlier release of it
    is with them already; `changed`: the fields that say something else than that one.
    """

    side: str
    title: str
    items: list[Fact]
    tables: list[Any]
    unseen: list[str]
    before: bool
    changed: list[str]


def preview(request: PageRequest, work: acting.Work) -> Preview | None:
    """What the release of a record's national text would add to what the other side sees; None where it is not here."""
    asking = acting.asking(request)
    kept = acts.kept_content(asking, work.row.record)
    if kept is None:
        return None
    of = KINDS[work.row.kind]
    content = of.read(of.shared(of.write(kept), whole=request.POST.get("apart") == "yes"))
    theirs = seeing.as_they(cast(HttpRequest, request))
    links = sorted(walk.links(content))
    names = Names.of(theirs, Moment()).learn(links)
    kind = of.code
    held = _before(asking, theirs, work.row.record)
    facets = of.facets(content)
    title, said = facets.title, of.face.called(facets)
    if said is not None:
        title = names.learn(said.links.values()).filled(said)
    return Preview(
        seeing.other_of(request.node),
        title,
        facts.facts(names, content, kind),
        facts.tables(names, content),
        [link for link in links if names.row(link) is None],
        held is not None,
        [field_name(each) for each in _changed(held, content)] if held else [],
    )


def _before(asking: Asking, theirs: HttpRequest, record: str) -> Content | None:
    """The text of it that the other side has already, as they see it."""
    copy = acts.copy_of(asking, record)
    asked = cast(PageRequest, theirs)
    state = read.state(asked.node, asked.viewer, copy) if copy else None
    return KINDS[state[0].kind].read(state[1]) if state and state[0].text_state == "held" else None


def _changed(before: Content, now: Content) -> list[str]:
    return [name for name in now.__struct_fields__ if getattr(before, name, None) != getattr(now, name)]
