"""The next version of the procedure, as one side drafted it and sent it for agreement; not answered yet. Invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dtti.programme.face import Beginning
from dtti.programme.kinds.procedure import PROCEDURE

if TYPE_CHECKING:
    from .exercise import Exercise

WHY: Final = (
    "Exercise: two rows changed and one added, from what the first projects showed. Nothing changes for a project that "
    "is under way."
)
#: The row that is new, and the one that it stands after.
NEW: Final = {
    "id": "release-officer-named",
    "stage": "exploring",
    "words": "The officer named who will answer the release question",
    "words_hi": "जारी करने के प्रश्न का उत्तर देने वाला अधिकारी नामित",
    "by": "The secretariat of that side",
    "how": "attested",
    "sides": ["IND", "USA"],
    "waivable": True,
    "basis": "Exercise: release questions waited because nobody was known to answer them.",
    "confidence": "unverified",
}
AFTER: Final = "exchange-framework"
#: What is changed of the rows that stand.
CHANGED: Final[dict[str, dict[str, Any]]] = {
    "release-question": {
        "stage": "exploring",
        "basis": "Releasability was tested too late: jet engine technology, suspended in 2019. Now a stage earlier.",
    },
    "project-officers": {
        "words": "Project officer, deputy and member of the steering committee named",
        "words_hi": "परियोजना अधिकारी, उप-अधिकारी और संचालन समिति का सदस्य नामित",
        "waivable": False,
    },
}


def stage(exercise: Exercise, days: float) -> None:
    """India's co-chair drafts ex-sop-2 from the version in force, and sends it."""
    exercise.clock.ago(days)
    begun = PROCEDURE.face.begins(Beginning("IND", ("IND", "USA")))
    rows: list[dict[str, Any]] = []
    for row in begun["rows"]:
        rows += [{**row, **CHANGED.get(row["id"], {})}, *([NEW] if row["id"] == AFTER else [])]
    said = {"ref": "ex-sop-2", "title": f"{begun['title']} (exercise)", "notes": WHY, "rows": rows}
    record = exercise.new("sop-2", PROCEDURE.code, "IND")
    exercise.ind.propose(record, PROCEDURE.face.arranged({**begun, **said}), remarks=WHY)
    exercise.pair.swap()
