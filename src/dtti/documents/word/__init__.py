"""Texts under negotiation as Word files: out with brackets by side, back in as changes to confirm. Knows no ledger."""

from .apply import apply
from .compare import compare
from .draft import Draft, Form
from .model import Change, ClauseCompared, Comment, Comparison, Noise, Run, SlotCompared, Trouble
from .plan import Layout
from .read import read
from .write import write

__all__ = [
    "Change",
    "ClauseCompared",
    "Comment",
    "Comparison",
    "Draft",
    "Form",
    "Layout",
    "Noise",
    "Run",
    "SlotCompared",
    "Trouble",
    "apply",
    "compare",
    "read",
    "write",
]
