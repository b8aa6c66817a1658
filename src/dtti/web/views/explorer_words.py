"""What the record explorer calls the codes of the ledger, in the page's language. Knows words alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the customary name of the marker

from dtti.programme.kinds import KINDS
from dtti.web import labels

from . import words
from .shown import text
from .words import _

ROLES: Final[Mapping[str, str]] = {
    "root": N_("root keys of the side"),
    "power": N_("power keys of the side"),
    "node": N_("key of the office system"),
    "log": N_("checkpoint key"),
    "mirror": N_("key of the copy held"),
}

LEDGERS: Final[Mapping[str, str]] = {
    "released": N_("official record, told to the other side"),
    "mirror": N_("official record of the other side, as received"),
    "national": N_("national record, never leaves this system"),
}

TERMS: Final[Mapping[str, str]] = {
    "offer": N_("Offer"),
    "answer": N_("Answer"),
    "outcome": N_("Outcome"),
    "group": N_("Kept to the group"),
    "sighted": N_("Our own entry that had not seen the answer"),
    "base": N_("Version it follows"),
    "basis": N_("Basis"),
    "change": N_("What kind of statement"),
    "confirms": N_("Confirms the report"),
    "until": N_("Open until"),
    "next": N_("Who holds the text next"),
    "firm": N_("May not be withdrawn"),
    "notice": N_("Notice"),
    "authority": N_("Authority"),
    "released": N_("Released as"),
    "digest": N_("Digest"),
    "reason": N_("Reason"),
    "national": N_("National entries"),
    "recovered": N_("Recovered"),
    "ended": N_("Powers ended"),
    "ended_credentials": N_("Passkeys ended"),
    "rule_sets": N_("Rule sets"),
}

VALUES: Final[Mapping[str, str]] = {
    "agreed": N_("agreed"),
    "returned": N_("sent back"),
    "lapsed": N_("lapsed, never agreed"),
    "late": N_("answered late, never agreed"),
    "own": N_("own knowledge"),
    "paper": N_("a paper"),
    "published": N_("published sources"),
    "elsewhere": N_("held elsewhere"),
    "change": N_("a change"),
    "correction": N_("a correction"),
    "suspend": N_("suspends"),
    "resume": N_("resumes"),
    "withdraw_from": N_("withdraws from it"),
    "stated": N_("stated"),
    "standing": N_("standing"),
    "spill": N_("marked above what may stand here"),
    "court": N_("order of a court"),
    "retention": N_("retention rule"),
    "live": N_("live"),
    "exercise": N_("exercise"),
}

CHECKS: Final[Mapping[str, str]] = {
    "form": N_("It has the one form of an act"),
    "place": N_("It stands where it says, after the entry it names"),
    "signature": N_("Its signatures verify under the key list in force"),
    "included": N_("It lies under the signed checkpoint"),
    "included_unsigned": N_("It lies under the root as it stands; no checkpoint covers it yet"),
    "bodies": N_("Its texts are what it committed to"),
    "ledger": N_("Entries: place, keys, signatures, tree"),
    "checkpoint": N_("Checkpoint: tree and signatures"),
    "texts": N_("Texts: each is what an entry committed to, or was erased by order"),
    "verdicts": N_("Verdicts: every act judged anew"),
    "record": N_("Pages: the record they show, made anew and compared"),
}


def verb(code: str) -> str:
    """A verb as officials say it; a leaf that is no act has none."""
    return labels.verb(code) if code else _("not an act")


def role(code: str) -> str:
    """Whose key it is."""
    return _(ROLES[code]) if code in ROLES else code


def ledger(code: str) -> str:
    """What a ledger is."""
    return _(LEDGERS[code])


def term(code: str) -> str:
    """The name of one of a verb's own fields."""
    return _(TERMS[code]) if code in TERMS else words.field_name(code)


def said(code: str) -> str:
    """The value of one of a verb's own fields, where it is a code."""
    return _(VALUES[code]) if code in VALUES else code


def check(code: str) -> str:
    """What a check looked at."""
    return _(CHECKS[code])


def verbs(codes: Iterable[str]) -> str:
    """Several verbs in one line."""
    return ", ".join(map(verb, codes))


def kinds(codes: Iterable[str]) -> str:
    """Several kinds of record in one line."""
    return ", ".join(words.plural(code) if code in KINDS else code for code in codes)


#: What the templates of the explorer call these.
TOOLS: Final[Mapping[str, Any]] = {
    "text": text,
    "verb": verb,
    "word": words.word,
    "role": role,
    "ledger_words": ledger,
    "term": term,
    "said": said,
    "check_words": check,
    "powers_words": verbs,
    "kinds_words": kinds,
}
