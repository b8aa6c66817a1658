"""The papers of the programme beside the negotiated ones, with the figures that Python works out for them.

Charts are drawn once for each language; a template takes the one its readers need. A reply sheet carries the digest of
its own content, so that a scan of it finds the sheet that was sent. Knows no layout.
"""

from hashlib import sha256
from typing import Any

import msgspec

from dtti.documents.sign.seal import seal_block
from dtti.documents.values import LANGUAGES, Side
from dtti.programme.sop.spine import SHOWN_STAGES

from . import charts
from .charts.court import strip
from .data.handover import Handover
from .data.portfolio import PortfolioPage
from .data.project import OnePager
from .data.reply import ReplySheet


def project_figures(data: OnePager, first: Side) -> dict[str, Any]:
    """State of each stage, and whose court, drawn in each language with `first` named first."""
    stages = [name for name, _ in SHOWN_STAGES]
    now = stages.index(data.stage)
    states = [
        "skipped" if stage in data.waived else "done" if n < now else "now" if n == now else "next"
        for n, stage in enumerate(stages)
    ]
    drawn = {
        language: charts.for_print(strip(data.court, language, width=720.0, own=first))
        for language in LANGUAGES
        if data.court is not None and data.court.spells
    }
    return {"stages": [list(pair) for pair in zip(stages, states, strict=True)], "court": drawn}


def portfolio_figures(data: PortfolioPage, first: Side) -> dict[str, Any]:
    """All projects along time, drawn in each language with `first` named first."""
    return {
        "projects": {
            language: charts.for_print(charts.draw(data.projects, language, own=first)) for language in LANGUAGES
        }
    }


def handover_figures(data: Handover, first: Side) -> dict[str, Any]:
    """What waits on the office, by age, drawn in each language."""
    if data.waiting is None:
        return {"waiting": {}}
    return {
        "waiting": {
            language: charts.for_print(charts.draw(data.waiting, language, own=first)) for language in LANGUAGES
        }
    }


def reply_figures(data: ReplySheet, first: Side) -> dict[str, Any]:
    """The seal of the sheet: digest of its content, and the reference that is printed on it."""
    return {"seal": seal_block(digest_of(data))}


def digest_of(data: ReplySheet) -> str:
    """SHA-256 of the sheet's content as JSON without defaults, keys in order: what its reference stands for."""
    return sha256(msgspec.json.encode(data, order="sorted")).hexdigest()
