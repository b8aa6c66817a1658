"""What is trusted, and what is found about a signed PDF: plain structures. Knows no file format and no rule."""

import datetime as dt
from typing import Literal

import msgspec

from dtti.documents.values import Language, Side

from .finding import Finding, moment, said
from .words import SIDE, STANDING, STATE

Standing = Literal["valid", "part", "unsigned", "untrusted", "invalid"]
State = Literal["valid", "untrusted", "invalid", "missing"]
Level = Literal["", "B-B", "B-T", "B-LT"]


class Root(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate trusted to issue others (DER or PEM). `side`: for that side's signatories only, if given."""

    certificate: bytes
    side: Side | None = None


class Trust(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the checker trusts: roots, roots of time-stamp authorities; and what else he knows (DER or PEM).

    A root without a side is trusted for both sides and for authorities. `others` are certificates between root and
    signer; `crls` and `ocsps`, in DER, say which were withdrawn.
    """

    roots: tuple[Root, ...] = ()
    authorities: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signature of one side. Times are in UTC; `claimed` is the signer's own word, `stamped` an authority's.

    `fingerprint`: SHA-256 of the certificate in hexadecimal; `level`: of PAdES, as far as it could be confirmed.
    """

    side: Side
    state: State
    holder: str = ""
    issuer: str = ""
    fingerprint: str = ""
    claimed: dt.datetime | None = None
    stamped: dt.datetime | None = None
    level: Level = ""
    findings: tuple[Finding, ...] = ()


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The judgement on a file. `good` only where both sides' signatures are valid and nothing bad was found.

    `digest`, `reference`: of the text that the file carries, "" where it is unclear; `revisions`: how often it was
    written (1: as it was made); `findings`: on the file as a whole.
    """

    standing: Standing
    digest: str
    reference: str
    pages: int
    revisions: int
    sides: tuple[Signed, ...]
    findings: tuple[Finding, ...]
    sha256: str

    @property
    def good(self) -> bool:
        """Whether one may rely on it."""
        return self.standing == "valid"

    def lines(self, language: Language) -> list[str]:
        """The verdict as an official reads it, line by line."""
        made = [STANDING[self.standing].spoken(language)[0]]
        for each in self.sides:
            name = SIDE[each.side].spoken(language)[0]
            made.append(f"{name[0].upper()}{name[1:]}: {STATE[each.state].spoken(language)[0]}")
            if each.holder:
                made.append(f"   {each.holder}")
            when = each.stamped or each.claimed
            if when:
                made.append(f"   {moment(when, language)}" + (f" · PAdES {each.level}" if each.level else ""))
            made += [f"   - {line}" for line in said(each.findings, language)]
        if self.reference:
            made.append(("Text " if language == "en" else "पाठ ") + f"{self.reference} · SHA-256 {self.digest}")
        made += [f"- {line}" for line in said(self.findings, language)]
        return made
