"""Two nodes on one machine, founded and joined, with a clock that the staging moves. Knows not what is staged."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord import table, table_2
from dtti.node.core import text
from dtti.node.core.draft import Draft, Receipt, new_record
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.line import exchange, founding, published
from dtti.programme.kinds import KINDS

SIDES = ("IND", "USA")


class Clock:
    """Claimed time that stands still until it is moved; `days` are counted back from the moment of staging."""

    def __init__(self) -> None:
        self.start = datetime.now(UTC).replace(microsecond=0)
        self.moment = self.start

    def ago(self, days: float, hour: int = 6) -> None:
        """Move to `hour` UTC of the day `days` ago, and never backwards."""
        wanted = (self.start - timedelta(days=days)).replace(hour=hour, minute=0, second=0)
        self.moment = min(max(self.moment if self.moment < self.start else wanted, wanted), self.start)

    def later(self, minutes: int = 7) -> None:
        """Let a little time pass."""
        self.moment = min(self.moment + timedelta(minutes=minutes), self.start)

    def __call__(self) -> str:
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def day(self, days: float) -> str:
        """The day `days` from the moment of staging (negative: ago), as ISO."""
        return (self.start + timedelta(days=days)).strftime("%Y-%m-%d")

    def time(self, days: float) -> str:
        """The end of that day, as an act's time."""
        return f"{self.day(days)}T23:59:59Z"


class Pair:
    """Both capitals."""

    def __init__(self, folder: Path, ports: tuple[int, int, int, int]) -> None:
        """`ports`: pages of India and the United States, then their exchange doors."""
        self.folder, self.ports, self.clock = folder, ports, Clock()
        self.nodes: dict[str, Node] = {}

    def found(self, days_ago: float) -> str:
        """Found and join both; returns the fingerprint of the constitution."""
        self.clock.ago(days_ago)
        for number, side in enumerate(SIDES):
            folder = self.folder / side.lower()
            folder.mkdir(parents=True)
            phrase = secrets.token_hex(16).encode()
            settings = config.Config(
                side=side,
                environment="exercise",
                name={"IND": "New Delhi", "USA": "Washington"}[side],
                operator="demonstration",
                page_address=f"127.0.0.1:{self.ports[number]}",
                pages_url=f"http://{side.lower()}.localhost:{self.ports[number]}",
                exchange_address=f"127.0.0.1:{self.ports[2 + number]}",
                peer_address=f"127.0.0.1:{self.ports[3 - number]}",
                demonstration=True,
            )
            self.nodes[side] = founding.found(folder, settings, phrase, self.clock, keep_passphrase=True)
        india, usa = (self.nodes[side] for side in SIDES)
        founding.join(usa, founding.introduce(india))
        return founding.join(india, founding.introduce(usa))

    def load_published(self) -> int:
        """State the public record in both nodes; returns how many items each holds."""
        items = published.items()
        return min(published.put(self.nodes[side], items) for side in SIDES)

    def swap(self) -> None:
        """Exchange both ways until neither has anything new to say, by open packs."""
        for _ in range(3):
            for giver, taker in (SIDES, SIDES[::-1]):
                self.clock.later(1)
                exchange.take_pack(self.nodes[taker], exchange.make_pack(self.nodes[giver], sealed=False))

    def close(self) -> None:
        """Close both nodes."""
        for node in self.nodes.values():
            node.close()


class Desk:
    """An office of one side, acting on its node."""

    def __init__(
        self, pair: Pair, side: str, ref: str, title: str, holder: str, verbs: Sequence[str], kinds: Sequence[str]
    ) -> None:
        """Make the office: a power from the power keys, then the office record itself."""
        self.pair, self.side, self.ref, self.holder = pair, side, ref, holder
        self.node = pair.nodes[side]
        self.office = new_record("office", side)
        number = 1 + max(self.node.standing.grants, default=0)
        since = f"{pair.clock.day(-400)}T00:00:00Z"
        grants = [table.Grant(number, list(kinds), self.office, since, list(verbs))]
        self.node.write(Draft("power", terms=table.Power(grants=grants)))
        self.state("office", {"ref": ref, "side": side, "title": title}, self.office)

    def act(
        self,
        verb: str,
        record: str,
        terms: object = table.Plain(),
        *texts: text.Text,
        files: tuple[bytes, ...] = (),
        rests: tuple[str, ...] = (),
    ) -> Receipt:
        """Write one act as this office, its holder named."""
        self.pair.clock.later()
        first = texts[0] if texts else text.Text()
        if texts or table_2.TABLE[verb].bodies[1]:
            texts = (msgspec.structs.replace(first, by=text.By(self.holder, "substantive")), *texts[1:])
        return self.node.write(Draft(verb, record, terms, self.office, texts, files, rests))

    def state(
        self, kind: str, content: dict[str, object], record: str = "", base: int = 0, ledger: str = "released"
    ) -> str:
        """State a version of an own record; returns its id."""
        record = record or new_record(kind, self.side)
        self.pair.clock.later()
        draft = Draft("state", record, table.State(base=base), self.office, (_text(kind, content),), ledger=ledger)
        self.node.write(draft)
        return record

    def propose(
        self,
        record: str,
        content: dict[str, object],
        *,
        base: int = 0,
        days: float = 30,
        next_pen: str = "",
        firm: bool = False,
        remarks: str = "",
    ) -> str:
        """Send a text for agreement; `days` from now (of staging) it stays open. Returns the proposal's act id."""
        terms = table.Propose(base, next_pen or self.side, self.pair.clock.time(days), firm)
        return self.act("propose", record, terms, _text(record, content, remarks=remarks)).act

    def accept(self, record: str) -> str:
        """Agree to the open offer."""
        offer = self.node.book.view(record).offer
        return self.act("accept", record, table.Answer(offer.id if offer else "")).act

    def send_back(self, record: str, remarks: str, counter: dict[str, object] | None = None, days: float = 30) -> str:
        """Send the open offer back, with a counter-text if one is given."""
        offer = self.node.book.view(record).offer
        named = offer.id if offer else ""
        if counter is None:
            return self.act("send_back", record, table.SendBack(named), text.Text(remarks=remarks)).act
        terms = table.SendBack(named, self.side, self.pair.clock.time(days))
        return self.act("send_back", record, terms, text.Text(remarks=remarks), _text(record, counter)).act

    def report(self, record: str, content: dict[str, object], paper: text.Paper, confirms: str | None = None) -> str:
        """Record a text from a paper; `confirms` names the other side's report of the same paper."""
        terms = table.State(basis="paper", confirms=confirms)
        return self.act("state", record, terms, _text(record, content, paper=paper)).act


def _text(record: str, content: dict[str, object], **more: Any) -> text.Text:
    """A body with `content` in the one form of its kind."""
    return text.Text(content=KINDS[record.split("/")[0]].tidy(content), **more)
