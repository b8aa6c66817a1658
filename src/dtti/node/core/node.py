"""The one write path: every act of this side, and every mirrored leaf, enters a ledger through `Node`. No Django.

Order (architecture, section 4): append lock, place and clocks, role, key and power, discipline of the record, the
kind's rules, append durably, project, receipt. Whoever is refused is told which rule, why, and what would satisfy it.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from dtti.accord import table, table_2
from dtti.accord.fold import Filed
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.accord.rule_sets import LATEST, RULE_SETS
from dtti.accord.rules import RuleSet
from dtti.accord.standing import Standing
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger.act import Act, Commitment, Entry, Seen
from dtti.ledger.body import Owner
from dtti.ledger.engine import Stands, StoreError
from dtti.ledger.keylist import Party
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED, Store
from dtti.node.folder import claim, files, timekeeping
from dtti.node.folder import config as settings
from dtti.node.folder.keys import Keys
from dtti.node.folder.signer import Signer

from . import checks, gating, unfinished
from . import mark as marks
from .book import Book
from .draft import Draft, Receipt, fields_of, following, now, wrapped
from .projection import Projection

log = logging.getLogger("dtti.node.core.node")

MENDING = (table_2.ResetTime, table_2.Activate)


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
        claim.settle(folder, self.config)
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
        released = any(isinstance(one.terms, table.Release) for one in drafts)
        entries: list[Entry] = []
        for draft in drafts:
            if not released:
                checks.kept_inside(draft)
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
        draft = gating.gated(self, draft)
        made = wrapped(draft)
        self.check_files(draft)
        commitments = [bodies.commit(one) for one in made]
        entry = self._sign(draft, rules, also, commitments)
        authority = self.book.authority(draft.ledger)
        refusal = authority.examine(entry, self.book.outlook(draft.ledger))
        refusal = refusal or checks.without_passkey(self, draft, entry)
        if refusal is not None:
            raise Refused(refusal)
        filed = self.check_record(draft, entry, together) if draft.record else None
        self.book.append(draft.ledger, entry, filed)
        self.store.put_bodies({Owner(draft.ledger, entry.id, part): one for part, one in enumerate(made)})
        return entry

    # What another capital's own code would leave out, and no more than these three.

    def check_files(self, draft: Draft) -> None:
        """See `checks.check_files`."""
        checks.check_files(self, draft)

    def check_record(self, draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> Filed:
        """See `checks.check_record`."""
        return checks.check_record(self, draft, entry, together)

    def check_contents(self, draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> None:
        """See `checks.check_contents`."""
        checks.check_contents(self, draft, entry, together)

    def rules_for(self, draft: Draft) -> RuleSet:
        """The rule set by which an act written now is judged: the latest in force, or that of the offer it is about."""
        founds = draft.terms.rule_sets[-1] if isinstance(draft.terms, table.Found) else ""
        return RULE_SETS.get(self.rules_now(draft.ledger, draft.terms) or founds, LATEST)

    def rules_now(self, ledger: str, terms: object = None) -> str:
        """The name of the rule set of an act written now with some terms; empty before the founding."""
        standing = self.book.released.standing()
        if standing is None:
            return ""
        return self.book.authority(ledger).rules_for(terms, standing, self._mirrored, self.book.outlook(ledger))

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
