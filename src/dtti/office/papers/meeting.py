"""Papers of a meeting: agenda, pack, record of discussion, delegations, readout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import SIDES, Side, Words
from dtti.language.marking import N_
from dtti.node.record import journal
from dtti.office import actions, reports
from dtti.office.meetings import record_text
from dtti.papers.data import agenda as agenda_data
from dtti.papers.data import record as record_data
from dtti.papers.data.head import Day, Minute, Person
from dtti.papers.data.meeting import Delegate, Delegation, DelegationList, Pack, PackPaper
from dtti.papers.data.public import Readout as ReadoutPaper
from dtti.papers.data.public import Release
from dtti.programme.fulfilment import LEFT
from dtti.programme.kinds.delegation import Delegation as Delegates
from dtti.programme.kinds.meeting import Action, Meeting
from dtti.programme.kinds.readout import Readout

from .material import Material, clocks, in_both, known_day, recorded, said

Agenda = agenda_data.Agenda
Record = record_data.Record

_ROLES: Final = {
    "head": N_("head of delegation"),
    "member": N_("member"),
    "adviser": N_("adviser"),
    "interpreter": N_("interpreter"),
    "secretary": N_("secretary"),
}


def content_of(material: Material) -> Meeting:
    """The meeting that papers are made of."""
    if not isinstance(material.content, Meeting):
        raise TypeError(type(material.content))
    return material.content


def title_of(material: Material) -> Words:
    """What the meeting is called."""
    return material.called(material.row)


def _host(meeting: Meeting) -> Side | None:
    return meeting.host if meeting.host in SIDES else None


def _asked_by(side: str | None) -> tuple[Side, ...]:
    return tuple(each for each in SIDES if each == side)


def chairs(material: Material) -> tuple[Person, ...]:
    """Who presides: those recorded for the day, else those who certainly held the chairs on it."""
    meeting = content_of(material)
    if meeting.co_chairs:
        return tuple(
            Person(name=seat.holder, office=material.office(seat.office), side=seat.side, capacity=seat.capacity)
            for seat in meeting.co_chairs
        )
    day = meeting.date.day
    if day is None:
        return ()
    held = reports.records(material.asking)
    if not any(each.ref == meeting.body for each in held.of("body")):
        return ()
    found = reports.chairs_on(held, day, meeting.body).bodies.get(meeting.body)
    made = []
    for ref, seat in found.seats.items() if found else ():
        holders = seat.holders if isinstance(seat.holders, list) else []
        for each in holders:
            capacity = each.capacity if isinstance(each.capacity, str) else "substantive"
            made.append(
                msgspec.convert(
                    {
                        "name": each.holder,
                        "office": msgspec.to_builtins(material.office(ref)),
                        "side": seat.side,
                        "capacity": capacity,
                    },
                    Person,
                )
            )
    return tuple(sorted(made, key=lambda person: person.side))


def agenda(material: Material) -> Agenda:
    """The agenda, as the text of the meeting has it."""
    meeting = content_of(material)
    items = tuple(
        agenda_data.Item(
            number=item.number,
            title=recorded(item.title),
            purpose=item.purpose,
            note=recorded(item.note) if item.note else None,
            minutes=item.minutes,
            lead=_asked_by(item.asked_by),
            presenter=item.presenter or "",
            papers=tuple(_paper_named(material, each)[0] for each in item.papers),
            carried=_carried(material, item.carried, item.carried_number),
        )
        for item in meeting.agenda
    )
    who, body, title = chairs(material), material.name(f"body:{meeting.body}"), title_of(material)
    return Agenda(
        head=material.head(
            title, "agenda", date=meeting.date, place=meeting.place, status=material.grade(), files=meeting.file_numbers
        ),
        body=body,
        items=items,
        host=_host(meeting),
        mode=meeting.mode,
        clocks=clocks(meeting.opens),
        chairs=who,
        remarks=(recorded(meeting.notes),) if meeting.notes else (),
    )


def _carried(material: Material, meeting: str | None, number: str | None) -> str:
    """From which meeting and item an item came, in English letters and figures that both languages read."""
    if not meeting:
        return ""
    name = material.name(f"meeting:{meeting}").spoken("en")[0]
    return f"{name}, {number}" if number else name


def _paper_named(material: Material, named: str) -> tuple[str, Words]:
    """A paper of an agenda: its reference and title. A paper may be a record, named as ``kind:reference``."""
    row = material.rows([named]).get(named) if ":" in named else None
    return (row.ref or row.code, material.called(row)) if row else (named, recorded(named))


def open_actions(material: Material) -> list[tuple[str, Action]]:
    """Actions of earlier meetings of the body, and of this one, of which something is left; each with its meeting.

    What is left is what the register of actions says, so that the pack and the register cannot differ.
    """
    meeting = content_of(material)
    left = {(each.meeting, each.number) for each in actions.made(material.asking).actions if each.state in LEFT}
    rows = material.asking.rows("meeting", filters={"body": meeting.body}, order="earliest", count=500)
    contents = material.asking.contents(rows)
    made: list[tuple[str, Action]] = []
    for row in rows:
        content = material.content if row.record == material.row.record else contents.get(row.record)
        if not isinstance(content, Meeting) or content.status == "cancelled" or _later(content, meeting):
            continue
        waiting = [action for action in content.actions if (content.ref, action.number) in left]
        if waiting:
            material.use(row)
            number = str(content.number) if content.number is not None else content.ref
            made += [(number, action) for action in waiting]
    return made


def _later(one: Meeting, other: Meeting) -> bool:
    first, then = one.date.earliest, other.date.latest
    return first is not None and then is not None and first > then


def _action(material: Material, action: Action, number: str) -> record_data.Action:
    owners = []
    for side in SIDES:
        offices = [material.office(each.office) for each in action.owners if each.side == side]
        if offices:
            owners.append(record_data.Owner(side=side, office=_listed(offices)))
    verified = action.verified_by.partition("/")[0] if action.verified_by else ""
    return record_data.Action(
        number=number,
        text=recorded(action.text),
        owners=tuple(owners),
        due=known_day(action.due),
        due_now=known_day(action.due_now),
        state="done" if action.done else "open",
        evidence=action.evidence or "",
        verified_by=next((side for side in SIDES if side == verified), None),
    )


def _listed(several: list[Words]) -> Words:
    """Several names in one line of each language."""
    return in_both(lambda each: "; ".join(one.spoken(each)[0] for one in several))


def late(material: Material) -> set[str]:
    """The papers of the agenda that came into the record after the agenda's text, or were stated anew since."""
    named = [paper for item in content_of(material).agenda for paper in item.papers if ":" in paper]
    return {each for each, row in material.rows(named).items() if row.known_from > material.row.known_from}


def addendum(material: Material) -> Pack:
    """What came after the pack: the late papers alone, with the agenda to which they belong."""
    wanted = late(material)
    if not wanted:
        raise Refused(
            refuse(
                "paper-material",
                "No paper of the agenda came into the record after its text.",
                "Print the pack: it holds them all.",
            )
        )
    title = said(N_("Addendum to the pack for %(meeting)s"), meeting=title_of(material))
    return _pack(material, title, "addendum", wanted, ())


def pack(material: Material) -> Pack:
    """The agenda, the papers that it names, and the actions that are open when it meets."""
    waiting = tuple(_action(material, action, f"{of}/{action.number}") for of, action in open_actions(material))
    title = said(N_("Pack for %(meeting)s"), meeting=title_of(material))
    return _pack(material, title, "pack", None, waiting)


def _pack(
    material: Material, title: Words, called: str, only: set[str] | None, waiting: tuple[record_data.Action, ...]
) -> Pack:
    """The agenda with the papers that it names (`only` those, where given) and actions."""
    meeting = content_of(material)
    papers: list[PackPaper] = []
    for item in meeting.agenda:
        for named in item.papers if only is None else [each for each in item.papers if each in only]:
            reference, paper_title = _paper_named(material, named)
            papers += _paper(material, item.number, reference, paper_title, named)
    inner = agenda(material)
    head = material.head(
        title, called, date=meeting.date, place=meeting.place, status=material.grade(), files=meeting.file_numbers
    )
    return Pack(head=head, agenda=inner, papers=tuple(papers), actions=waiting)


def _paper(material: Material, item: str, reference: str, title: Words, named: str) -> Iterator[PackPaper]:
    """A paper of the pack: what the record says of what it names, then the PDFs that came with it, page by page.

    Or that it is not in the record yet.
    """
    row = material.rows([named]).get(named) if ":" in named else None
    if row is None:
        text = said(N_("This paper is not in the record yet. It follows as an addendum."))
        yield PackPaper(reference=reference, title=title, item=item, text=(Minute(text=text),))
        return
    content = material.asking.contents([row]).get(row.record)
    texts = list(_prose(content)) if content else []
    if not texts:
        texts = [said(N_("Its text cannot be read here."))]
    files = material.attach(row)
    for file, name in files:
        if not name:
            texts.append(said(N_("%(file)s cannot be put in here: it cannot be read, or it is too long."), file=file))
    yield PackPaper(reference=reference, title=title, item=item, text=tuple(Minute(text=each) for each in texts))
    for file, name in files:
        if name:
            yield PackPaper(reference=reference, title=recorded(file), item=item, file=name)


def _prose(content: msgspec.Struct) -> Iterable[Words]:
    """The paragraphs that a content of any kind holds: what it is for, the problem, what it must do."""
    for name in ("purpose", "problem", "capability", "text", "partial", "failure", "notes"):
        value = getattr(content, name, None)
        if isinstance(value, str):
            yield recorded(value)


def record(material: Material) -> Record:
    """The record of discussion."""
    meeting = content_of(material)
    titles = {item.number: item.title for item in meeting.agenda}
    phases = tuple(
        record_data.Step(
            phase=each.phase,
            on=known_day(each.on),
            by=next(iter(_asked_by(each.by)), None),
            note=recorded(each.note) if each.note else None,
        )
        for each in record_text.reached(meeting, material.row)
    ) or (record_data.Step(phase=record_text.phase(meeting, material.row) or "drafted"),)
    present = tuple(
        Person(name=each.name, office=recorded(each.position), side=each.side, capacity=each.capacity or "substantive")
        for each in meeting.present
    )
    who = chairs(material)
    items = tuple(
        record_data.Discussion(
            number=each.item,
            title=recorded(titles.get(each.item, each.item)),
            minutes=tuple(Minute(text=recorded(part)) for part in each.text.split("\n") if part.strip()),
        )
        for each in meeting.discussed
    )
    decisions = tuple(
        record_data.Decision(number=each.number, text=recorded(each.text), item=each.item or "")
        for each in meeting.decisions
    )
    done = tuple(_action(material, each, each.number) for each in meeting.actions)
    reserved = tuple(record_data.Reserved(side=each.side, text=recorded(each.text)) for each in meeting.reserved)
    body, title = material.name(f"body:{meeting.body}"), title_of(material)
    return Record(
        head=material.head(title, "record", date=meeting.date, place=meeting.place, files=meeting.file_numbers),
        body=body,
        phases=phases,
        items=items,
        decisions=decisions,
        actions=done,
        reserved=reserved,
        present=present or who,
        chairs=who,
        host=_host(meeting),
        mode=meeting.mode,
        clocks=clocks(meeting.opens),
    )


def delegation(material: Material) -> DelegationList:
    """The delegations of both sides as far as this side knows them, the guest's first."""
    meeting = content_of(material)
    found: dict[str, Delegates] = {}
    for row, content in material.naming(Delegates, meeting.ref):
        if content.side not in found or row.side == content.side:
            found[content.side] = content
    if not found:
        raise Refused(
            refuse(
                "paper-material",
                "No delegation to this meeting is recorded.",
                "Record whom your side sends; the other side's list comes when it is released.",
            )
        )
    order = sorted(found, key=lambda side: (side == meeting.host, side))
    delegations = tuple(
        Delegation(
            side=side,
            members=tuple(
                Delegate(
                    name=each.name,
                    office=recorded(each.position),
                    organisation=recorded(each.organisation) if each.organisation else None,
                    role=said(_ROLES[each.role]) if each.role else None,
                    visit=each.visit or "",
                )
                for each in found[side].members
                if each.answer != "declined"
            ),
        )
        for side in (next(one for one in SIDES if one == each) for each in order)
    )
    body = material.name(f"body:{meeting.body}")
    title = said(N_("Delegations to %(meeting)s"), meeting=title_of(material))
    head = material.head(title, "delegations", date=meeting.date, place=meeting.place, files=meeting.file_numbers)
    return DelegationList(head=head, body=body, delegations=delegations, host=_host(meeting))


def readout(material: Material) -> ReadoutPaper:
    """What both sides tell the public: agreed where both have agreed its text, announced where both have said so."""
    text = material.content
    if not isinstance(text, Readout):
        raise TypeError(type(text))
    row = material.row
    agreed: dict[Side, Day] = {}
    if row.grade == "agreed_here":
        act = journal.act(material.asking.node, material.asking.viewer, row.act)
        day = (act.time if act else row.known_from)[:10]
        agreed = dict.fromkeys(SIDES, day)
    both = {each.side for each in text.announced} == set(SIDES)
    days = [on for each in text.announced if (on := known_day(each.on))]
    where = next((each.where for each in text.announced if each.where), None)
    occasion = material.name(f"meeting:{text.meeting}")
    release = Release(
        agreed=agreed,
        announced=max(days) if both and agreed and days else None,
        where=recorded(where) if where else None,
        not_before=text.not_before.replace("T", " ").replace("Z", " UTC") if text.not_before else "",
    )
    return ReadoutPaper(
        head=material.head(recorded(text.title), "readout", date=text.on, status=material.grade()),
        occasion=occasion,
        on=known_day(text.on) or "",
        paragraphs=tuple(recorded(each) for each in text.paragraphs),
        release=release,
    )
