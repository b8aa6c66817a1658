"""The one write path: every act of this side, and every mirrored leaf, enters a ledger through `Node`. No Django.

Order (architecture, section 4): append lock, place and clocks, role, key and power, discipline of the record, the
kind's rules, append durably, project, receipt. Whoever is refused is told which rule, why, and what would satisfy it.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from dtti.accord import table, table_2
from dtti.accord.fold import Filed, View, judge
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.accord.rule_sets import LATEST, RULE_SETS
from dtti.accord.rules import RuleSet
from dtti.accord.standing import Standing
from dtti.accord.view import readable
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger import canonical
from dtti.ledger.act import Act, Commitment, Entry, Seen
from dtti.ledger.body import Owner
from dtti.ledger.engine import Stands, StoreError
from dtti.ledger.keylist import Party
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED, Store
from dtti.node.folder import config as settings
from dtti.node.folder import files, timekeeping
from dtti.node.folder.codes import new_code
from dtti.node.folder.keys import Keys
from dtti.node.folder.signer import Signer
from dtti.programme.judging import judge_body
from dtti.programme.kind import Basis
from dtti.programme.kinds import KINDS

from . import context as contexts
from . import mark as marks
from . import text, unfinished
from .book import Book
from .projection import Projection
from .state_row import keeps


class Draft(msgspec.Struct, frozen=True):
    """An act to be written: what its author decides. Everything else follows from the ledger."""

    verb: str
    record: str = ""
    terms: Any = table.Plain()
    office: str = ""
    texts: tuple[text.Text, ...] = ()
    files: tuple[bytes, ...] = ()  # in the order in which the first text lists them
    rests: tuple[str, ...] = ()
    ledger: str = RELEASED
    follows: str = ""  # the record whose text this one follows, where it is another: the copy released before
    salts: tuple[bytes, ...] = ()  # of its bodies, texts first; fresh ones where none are given
    role: str = ""  # of the signing keys, where it is not the verb's own


class Receipt(msgspec.Struct, frozen=True):
    """What was written: the act's id, its ledger and index, its record, its claimed time."""

    act: str
    ledger: str
    index: int
    record: str
    verb: str
    time: str


log = logging.getLogger("dtti.node.core.write")

MENDING = (table_2.ResetTime, table_2.Activate)
#: Claimed time: this moment, UTC, whole seconds.
now = timekeeping.MachineClock()


def new_record(kind: str, side: str) -> str:
    """The id of a record that `side` creates now: a leaf holds no names, so its code is random."""
    return f"{kind}/{side}/{new_code()}"


def wrapped(draft: Draft) -> list[bodies.Body]:
    """The bodies of a draft, texts first: what its leaf will commit to. The same each time where it brings salts."""
    contents = [*(text.write(one) for one in draft.texts), *draft.files]
    if draft.salts and len(draft.salts) != len(contents):
        raise ValueError(f"{len(draft.salts)} salts for {len(contents)} bodies")
    salts = draft.salts or (None,) * len(contents)
    return [bodies.wrap(data, salt) for data, salt in zip(contents, salts, strict=True)]


def fields_of(draft: Draft) -> dict[str, Any]:
    """The fields of a draft as its leaf would say them; Refused where one holds what no leaf can."""
    fields = table.write_terms(draft.terms)
    try:
        canonical.check(fields)
    except canonical.ProfileError as error:
        where = f"the fields of {draft.verb} at {error.where}"
        raise Refused(Refusal(error.rule, f"{where}: {error.reason}", "Choose or type it anew.")) from None
    return fields


def passkey_asked(config: settings.Config, draft: Draft) -> bool:
    """Whether the setting `passkeys` asks for a person's passkey over this act."""
    confirms = isinstance(draft.terms, table.State) and draft.terms.confirms is not None
    return draft.verb in config.passkeys.required or (confirms and "confirm_paper" in config.passkeys.required)


class Node:
    """An office system: its folder, store, book, projection and keys."""

    def __init__(self, folder: Path, clock: Callable[[], str] = now) -> None:
        """`clock`: claimed time of acts; a staged past gives its own, which nobody judges (see `timekeeping`)."""
        self.folder = settings.Folder(folder)
        self.config = settings.read(folder)
        if unfinished.cut(folder, "found"):
            raise settings.ConfigError(
                f"the founding of an office system in {folder} was cut short; run `dtti found` or `dtti accede` again: "
                "it takes back what was begun, and begins anew"
            )
        self.found_open = files.tighten(folder)  # what others could read or write until now
        self.clock = clock
        self.store = Store(self.folder.ledger_address(self.config), f"{self.config.schema}_ledger")
        self.projection = Projection(self.folder.record_address(self.config), f"{self.config.schema}_record")
        self._book: Book | None = None
        self._signer: Signer | None = None
        self._mark, self._marked = self.folder.mark(self.config), False
        self._held_to: marks.Mark | None = None  # the mark to which the ledgers, which only grow, were held last
        if unfinished.resume(self):
            self.close()  # nothing is left open in a process that may fork now

    @property
    def side(self) -> str:
        """The side whose node this is."""
        return self.config.side

    @property
    def book(self) -> Book:
        """The ledgers, judged."""
        if self._book is None:
            self._book, self._held_to = Book(self.store, self.side, RULE_SETS), None
        return self._book

    @property
    def signer(self) -> Signer:
        """The one place that signs for this side, by the key list in force."""
        if self._signer is None:
            self._signer = Signer(self.folder.keys, self.folder.passphrase())
        standing = self.book.released.standing()
        if standing is not None:
            self._signer.follow(standing.keys)
        return self._signer

    @property
    def keys(self) -> Keys:
        """The private keys behind the signer: for a rotation, which makes new ones, and for nothing else."""
        return self.signer.keys

    def unlock(self, passphrase: bytes) -> None:
        """Open the key rings with this passphrase instead of the one in the settings."""
        self._signer = Signer(self.folder.keys, passphrase)

    @property
    def standing(self) -> Standing:
        """Keys, powers and parties in force for this side; LookupError before the founding."""
        standing = self.book.released.standing()
        if standing is None:
            raise LookupError("this office system has not been founded; run `dtti found`")
        return standing

    @property
    def party(self) -> Party:
        """This side as it was founded."""
        return self.standing.parties[self.side]

    def close(self) -> None:
        """Close the databases."""
        self.store.close()
        self.projection.close()

    # --- writing ----------------------------------------------------------------------------------------------------

    def write(self, draft: Draft, also: Sequence[Ed25519PrivateKey] = ()) -> Receipt:
        """Write one act, or raise Refused and change nothing. `also`: keys that sign beside those of the act's role."""
        return self.write_all([draft], also)[0]

    def write_all(self, drafts: Sequence[Draft], also: Sequence[Ed25519PrivateKey] = ()) -> list[Receipt]:
        """Write several acts in one durable step, or none of them."""
        return self._write(lambda: drafts, also)

    def write_seen(self, compose: Callable[[], Sequence[Draft]]) -> list[Receipt]:
        """Write, in one durable step, what `compose` makes of the record as it stands then, or what it raises.

        It is called under the append lock: nothing can come between what it compares and what is written.
        """
        return self._write(compose, ())

    def releasing(
        self, record: str, office: str, by: text.By | None = None, *, standing: bool = False, copy: str = ""
    ) -> list[Draft]:
        """The two acts that tell the other side what a national record says now: a copy under a new id, and the link.

        `copy`: that id. Released ids and version numbers count separately, so that neither betrays what stays national.
        """
        self.book.sync()
        authority, now = self.book.national, self.clock()
        groups = [code for code in authority.groups if authority.in_group(code, office, now)]
        view = readable(self.book.view(record, NATIONAL), groups)
        latest = view.texts[-1] if view.texts else None
        shown = self.store.find(latest.act) if latest else None
        if latest is None or shown is None or shown.ledger != NATIONAL:
            raise Refused(
                refuse("release", "there is no national text to release", "Name a record kept for this side alone.")
            )
        if self.released_as(record, latest.act):
            raise Refused(
                refuse("release", "this text was released already", "Look for the copy that both sides hold.")
            )
        held = self.store.body(shown.owner())
        if not isinstance(held, bodies.Body):
            raise Refused(refuse("held", "the text is not here, or was erased", "State it again first."))
        kept = text.read(held.data)
        # What a report of a joint text rests on is told with it; remarks, files and file numbers stay with this side.
        texts = (text.Text(content=kept.content, paper=kept.paper, held=kept.held, by=by),)
        copy = copy or new_record(record.split("/")[0], self.side)
        given = {"basis": latest.basis or "own"} if view.mode == "joint" else {"base": 0}
        stated = Draft("state", copy, table.read_terms("state", given), office, texts, follows=self._released(record))
        decided: Literal["stated", "standing"] = "standing" if standing else "stated"
        group = latest.group or self.group_of(record)
        terms = table_2.Release(decided, [], group=group) if group else table.Release(decided, [])  # named once written
        return [stated, Draft("release", record, terms, office, rests=(latest.act,), ledger=NATIONAL)]

    def release(self, record: str, office: str, by: text.By | None = None, *, standing: bool = False) -> list[Receipt]:
        """Tell the other side what a national record says now (see `releasing`)."""
        return self.write_seen(lambda: self.releasing(record, office, by, standing=standing))

    def _released(self, record: str) -> str:
        """The copy by which a national record was released last; empty where it never was."""
        for placed in reversed(self.store.of_record(record)):
            act = acts.open_leaf(placed.leaf).act
            if act.verb == "release" and placed.ledger == NATIONAL:
                found = self.store.find(act.terms["released"][0])
                return acts.open_leaf(found.leaf).act.record if found else ""
        return ""

    def group_of(self, record: str) -> str:
        """Code of the restricted group to which this side keeps a national record; empty where to none."""
        placed = self.store.of_record(record)
        if any(one.ledger != NATIONAL for one in placed):
            return ""
        voids = self.store.voids(NATIONAL)
        groups = [keeps(self.book.entry(one.leaf).act) for one in placed if one.index not in voids]
        return next((group for group in reversed(groups) if group), "")

    def released_as(self, record: str, act: str) -> list[str]:
        """The released acts by which the text of `act`, a national one on `record`, was told to the other side."""
        found: list[str] = []
        for placed in self.store.of_record(record):
            one = self.book.entry(placed.leaf).act
            if placed.ledger == NATIONAL and one.verb == "release" and act in one.rests:
                found += one.terms.get("released", [])
        return found

    def write_after_loss(self, declaration: Draft) -> Receipt:
        """Write the declaration of a loss: the one act that a copy known to be old may write (see `recover`)."""
        if declaration.verb != "loss":
            raise ValueError(f"{declaration.verb} declares no loss")
        return self._write(lambda: [declaration], (), declared=True)[0]

    def _write(
        self, compose: Callable[[], Sequence[Draft]], also: Sequence[Ed25519PrivateKey], *, declared: bool = False
    ) -> list[Receipt]:
        drafts: Sequence[Draft] = ()
        try:
            with self.store.writing():
                self.book.sync()
                if not declared:
                    self.not_behind()
                drafts = compose()
                # What mends a clock, or brings in the rules to mend it by, is written though the ledger is ahead.
                self.sure_of_time(behind=all(isinstance(one.terms, MENDING) for one in drafts))
                entries = self._append_all(drafts, also)
                self.store.afterwards(lambda: self._follow(entries), self._forget)
        except BaseException as error:
            if not isinstance(error, Stands) and (len(drafts) > 1 or not isinstance(error, Refused)):
                self._forget()
            raise
        return [
            Receipt(one.id, one.act.ledger, one.act.index, one.act.record, one.act.verb, one.act.time)
            for one in entries
        ]

    def _forget(self) -> None:
        """Let the book go, which has taken in what the store did not keep."""
        self._book = None

    def _follow(self, entries: Sequence[Entry]) -> None:
        """Project what stands now and move the mark; Stands where that fails."""
        for act in (one.act for one in entries):
            said = {"office": act.office, "verb": act.verb, "ledger": act.ledger, "entry": act.index}
            log.info("written", extra=said)
        last = entries[-1].act if entries else None
        with following(f"it stands as entry {last.index} of the {last.ledger} ledger" if last else "it stands"):
            try:
                self.settle()
            except Refused as refused:  # the mark came to harm meanwhile
                raise StoreError(str(refused)) from refused

    def _append_all(self, drafts: Sequence[Draft], also: Sequence[Ed25519PrivateKey]) -> list[Entry]:
        # Records written together may refer to each other, in whatever order they stand.
        together = {
            (one.record.split("/")[0], str(part.content.get("ref", "")))
            for one in drafts
            for part in one.texts
            if part.content
        }
        entries: list[Entry] = []
        for draft in drafts:
            terms = draft.terms
            if isinstance(terms, table.Release) and not terms.released:
                copies = [one.id for one in entries if one.act.ledger == RELEASED]
                draft = replace(draft, terms=replace(terms, released=copies))
            entries.append(self._append(draft, together, also))
        return entries

    def settle(self) -> list[str]:
        """Project what the ledgers hold and move the mark; returns the records that changed."""
        changed = self.projection.catch_up(self.book)
        self.put_mark()
        return changed

    def put_mark(self) -> None:
        """Move the high-water mark to where the ledgers stand; it never goes back, and never by itself becomes sure."""
        if self.behind() is None:
            marks.advance(self._mark, marks.here(self.book))
            if not self._marked:
                if not self.store.fact(marks.FACT):  # of a store that an earlier version made
                    self.store.put_fact(marks.FACT, "made")
                self._marked = True

    def not_behind(self) -> None:
        """Refused where this is an old copy, so that nothing may be signed or taken in."""
        refusal = self.behind()
        if refusal is not None:
            raise Refused(refusal)

    def behind(self) -> Refusal | None:
        """Whether the ledgers are shorter than they once were, or nobody can know: then nothing may be signed."""
        try:
            mark = marks.held(self._mark, self.store)
        except Refused as refused:
            return refused.refusals[0]
        released, national = self.book.released, self.book.national
        if released.size < mark.released or national.size < mark.national:
            self.book.sync()  # another process may have written, and moved the mark, since this one looked
        if mark.unsure:
            return refuse(
                "restored",
                "this office system was restored from a backup, and not yet compared with what it signed since",
                "Run `dtti recover`: it takes back what the counterpart's mirror holds, and says what is lost.",
            )
        if mark == self._held_to or not marks.short(mark, self.book):
            self._held_to = mark
            return None
        return refuse(
            "high-water",
            f"the ledgers hold {released.size} released and {national.size} national entries; they had reached "
            f"{mark.released} and {mark.national}. This is an old copy, and signing from it would make a fork",
            "Run `dtti recover`: it takes back what the counterpart's mirror holds, and says what is lost.",
        )

    def time_evidence(self) -> timekeeping.Evidence:
        """What this node's clock is judged by, now."""
        clock, mirror = self.clock, self.book.mirror
        kept = clock.kept() if isinstance(clock, timekeeping.MachineClock) else None
        heard = mirror.time if mirror else ""
        return timekeeping.Evidence(clock(), self._reached(), heard, timekeeping.confirmed(self.folder.path), kept)

    def _reached(self) -> str:
        return max(self.book.released.time, self.book.national.time)

    def doubted(self) -> Refusal | None:
        """Why this machine's clock cannot be believed, so that nothing may be signed by it; None where it can."""
        if not isinstance(self.clock, timekeeping.MachineClock) or timekeeping.near(self.clock(), self._reached()):
            return None
        return timekeeping.judge(self.time_evidence(), self.config.anchor_hours)

    def sure_of_time(self, *, behind: bool = False) -> None:
        """Refused where this machine's clock cannot be believed; with `behind`, not where it is behind the ledgers."""
        refusal = self.doubted()
        if refusal is not None and not (behind and refusal.rule == "clock-behind"):
            raise Refused(refusal)

    def _append(self, draft: Draft, together: set[tuple[str, str]], also: Sequence[Ed25519PrivateKey]) -> Entry:
        rules = self.rules_for(draft)
        row = rules.table.get(draft.verb)
        if row is None:
            raise Refused(
                refuse(
                    "verb",
                    f"{draft.verb} is no verb of rule set {rules.name}",
                    f"Use one of: {', '.join(rules.table)}.",
                )
            )
        if draft.ledger == RELEASED and draft.record and self.store.kept(draft.record):
            raise Refused(
                refuse(
                    "national",
                    "the other side has not been told of this record, and this act would tell it",
                    "Release the record first: the other side is given a copy, and the act is written on that.",
                )
            )
        made = wrapped(draft)
        self._check_files(draft)
        commitments = [bodies.commit(one) for one in made]
        entry = self._sign(draft, rules, also, commitments)
        authority = self.book.authority(draft.ledger)
        refusal = authority.examine(entry, self.book.outlook(draft.ledger)) or self._without_passkey(draft, entry)
        if refusal is not None:
            raise Refused(refusal)
        filed = self._check_record(draft, entry, together) if draft.record else None
        self.book.append(draft.ledger, entry, filed)
        self.store.put_bodies({Owner(draft.ledger, entry.id, part): one for part, one in enumerate(made)})
        return entry

    def _without_passkey(self, draft: Draft, entry: Entry) -> Refusal | None:
        """Where the setting asks for a person's passkey over an act, whichever door it comes by, and there is none.

        A release is confirmed by what it gives out: its own id names copies that do not exist before they are written.
        """
        if not draft.office or not passkey_asked(self.config, draft):
            return None
        outlook = self.book.outlook(draft.ledger)
        copies = [outlook.act(one) for one in entry.act.terms["released"]] if draft.verb == "release" else []
        by_copies = [
            one and (one.verb, one.office) == ("state", draft.office) and "assertion" in one.terms for one in copies
        ]
        if "assertion" in entry.act.terms or (copies and all(by_copies)):
            return None
        return refuse(
            "passkey",
            f"this side writes no {draft.verb.replace('_', ' ')} without a passkey of the office that acts",
            "Confirm it on its page with a passkey that the power keys bound to the office; see the account page.",
        )

    def rules_for(self, draft: Draft) -> RuleSet:
        """The rule set by which an act written now is judged: the latest in force, or that of the offer it is about."""
        authority, terms = self.book.authority(draft.ledger), draft.terms
        standing = self.book.released.standing()
        if standing is not None:
            name = authority.rules_for(terms, standing, self._mirrored, self.book.outlook(draft.ledger))
        else:
            name = terms.rule_sets[-1] if isinstance(terms, table.Found) else ""
        return RULE_SETS.get(name, LATEST)

    @property
    def _mirrored(self) -> int:
        return self.book.mirror.size if self.book.other and self.book.mirror else 0

    def _time(self, draft: Draft) -> str:
        """Claimed time: this node's clock, held to what its ledgers have reached; but a repair goes by the clock."""
        clock = self.clock()
        if isinstance(draft.terms, table_2.ResetTime):
            return clock
        # Both own ledgers go by one clock: what governs a national act is found by its time.
        return max(clock, self.book.authority(draft.ledger).time, self.book.released.time)

    def _sign(
        self, draft: Draft, rules: RuleSet, also: Sequence[Ed25519PrivateKey], commitments: list[Commitment]
    ) -> Entry:
        authority = self.book.authority(draft.ledger)
        mirrored = self._mirrored
        role = draft.role or rules.table[draft.verb].role
        return acts.sign(
            Act(
                body=commitments,
                environment=self.config.environment,
                format=acts.FORMAT,
                index=authority.size,
                ledger=draft.ledger,
                office=draft.office,
                previous=authority.previous,
                programme=self.config.programme,
                record=draft.record,
                rests=list(draft.rests),
                role=role,
                rules=rules.name,
                seen=Seen(self.book.root(MIRROR, mirrored), mirrored),
                side=self.side,
                terms=fields_of(draft),
                time=self._time(draft),
                verb=draft.verb,
            ),
            lambda signed: self.signer.act(role, signed, also),
        )

    def _check_record(self, draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> Filed:
        view, filed = self.book.view_held(draft.record, draft.ledger), self.book.file(entry)
        refusal = judge(view, self.side, filed)
        if refusal is not None:
            raise Refused(refusal)
        group = getattr(draft.terms, "group", None) or ""
        if draft.ledger == NATIONAL and self.group_of(draft.record) not in ("", group):
            raise Refused(
                refuse(
                    "group",
                    "this record is kept to a restricted group, and what is written on it with it",
                    "Write it within the group; to let more offices read it, have a member take them in.",
                )
            )
        if draft.verb in ("accept", "send_back"):
            held = self._check_held(view.offer.id if view.offer else "", view.offer.body if view.offer else 0)
            against = self.judge_offer(view, held) if draft.verb == "accept" else ()
            if against:
                raise Refused(*against)
        self._check_contents(draft, entry, together)
        return filed

    def judge_offer(self, view: View, data: bytes) -> tuple[Refusal, ...]:
        """What stands against agreeing to the body `data`, offered on a record: nothing if its kind reads it.

        Asked at the doors, where one side would bind itself; the other side's act stays valid whatever this says.
        """
        try:
            offered = text.read(data)
        except Refused as refused:
            return refused.refusals
        odd = text.against(msgspec.to_builtins(offered))
        if odd:
            return odd
        content = offered.content
        by = view.offer.side if view.offer else ""
        return judge_body(view.record.split("/")[0], content, contexts.context(self, view.record, side=by)).against

    def _check_held(self, act: str, part: int) -> bytes:
        placed = self.store.find(act)
        held = self.store.body(placed.owner(part)) if placed else None
        if not isinstance(held, bodies.Body):
            raise Refused(
                refuse(
                    "held",
                    "the text of the offer is not here, or was erased",
                    "Exchange again, then read it and answer.",
                )
            )
        return held.data

    def _check_files(self, draft: Draft) -> None:
        listed = sum(len(one.files) for one in draft.texts)
        limit = self.config.largest_file_mib * 1024 * 1024
        if listed != len(draft.files):
            raise Refused(
                refuse("files", f"{listed} files are listed, {len(draft.files)} are attached", "Attach each.")
            )
        for data in draft.files:
            if len(data) > limit:
                raise Refused(
                    refuse(
                        "file-size",
                        f"a file of {len(data):,} bytes; the limit here is {limit:,}",
                        "Scan at a lower resolution, or split it.",
                    )
                )

    def _check_contents(self, draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> None:
        kind = KINDS[draft.record.split("/")[0]]
        carries = {"state": 0, "propose": 0, "draft": 0, "send_back": 1}.get(draft.verb)
        if carries is None or len(draft.texts) <= carries:
            return
        stored = draft.texts[carries].content
        if stored is None:
            raise Refused(refuse("content", f"{draft.verb} carries the text of the record", "Give its content."))
        basis: Basis = (draft.terms.basis if isinstance(draft.terms, table.State) else None) or "own"
        if basis == "paper" and draft.texts[0].paper is None:
            raise Refused(refuse("paper", "a report from paper names the paper", "Give its number and its date."))
        if basis == "elsewhere" and draft.texts[0].held is None:
            raise Refused(
                refuse(
                    "elsewhere",
                    "evidence held elsewhere is named",
                    "Give registry number, holder and attesting officer.",
                )
            )
        content = kind.read(stored)
        beside = contexts.context(
            self,
            draft.record,
            basis=basis,
            ledger=draft.ledger,
            together=together,
            follows=draft.follows,
            group=getattr(draft.terms, "group", None) or "",
        )
        against = kind.rules(content, beside)
        if against and draft.verb != "draft":
            raise Refused(*against)
        self.projection.expect(entry.act.body[carries].digest, content, stored)

    def exists(self, kind: str, ref: str, ledger: str = RELEASED, group: str = "") -> bool:
        """Whether a text in `ledger`, kept to `group`, may name this record.

        From outside the national ledger never a national one, from outside a group never one that is kept to it.
        """
        apart = "" if ledger == NATIONAL else " AND label <> 'national'"
        found = self.projection.engine.run(
            f"SELECT 1 FROM state WHERE ref = ? AND kind = ? AND text_state <> 'unreadable'{apart} "
            "AND kept IN ('', ?) LIMIT 1",
            (ref, kind, group),
        )
        return bool(found)

    # --- what the counterpart is shown --------------------------------------------------------------------------------

    def checkpoint(self, ledger: str = RELEASED) -> str:
        """The signed checkpoint of one of this side's ledgers as it stands, made where there is none yet."""
        with self.store.writing():
            self.book.sync()
            self.not_behind()
            size = self.store.size(ledger)
            held = self.store.note(ledger, size)
            if held is not None:
                return held
            origin = self.party.origin + ("" if ledger == RELEASED else "/national")
            retired = ledger == RELEASED and self._rotated_unseen()
            note = self.signer.checkpoint(origin, size, self.store.root(ledger), retired=retired).note
            self.store.put_note(ledger, size, note)
        return note

    def _rotated_unseen(self) -> bool:
        """Whether the counterpart may not hold the last key list: it then goes by the one before, and needs both."""
        seen = self.book.mirror.seen if self.book.mirror else 0
        return bool(self.store.of_verb("keys", RELEASED, seen))


@contextmanager
def following(
    what: str, then: str = "the next opening of the node, or its next round, does the rest"
) -> Iterator[None]:
    """What follows from a commit: where it fails, Stands, as `what` stands all the same. `then`: who does the rest."""
    try:
        yield
    except Stands:
        raise
    except (StoreError, OSError) as error:
        raise Stands(
            f"{what}, but what follows from it is not all done ({error}); do not write it again: {then}"
        ) from error


def as_json(receipt: Receipt) -> str:
    """A receipt as one line of JSON."""
    return json.dumps(msgspec.structs.asdict(receipt))
