"""Who is in the exercise: invented people, their offices, and what each office has the power to do."""

from dtti.programme.kinds import KINDS

TALK = ("comment", "draft", "request_pen", "hand_over", "notice")
DECIDE = ("propose", "accept", "send_back", "withdraw", "state", *TALK)

#: Who is staged: side, user name, full name, reference of the office, duty.
PEOPLE = (
    ("IND", "meera.anand", "Meera Anand", "IND/ex-secretary", "co_chair"),
    ("IND", "arjun.rao", "Cdr. Arjun Rao", "IND/ex-project-officer", "working_group_co_chair"),
    ("IND", "kavita.pillai", "Kavita Pillai", "IND/ex-secretariat", "secretariat"),
    ("IND", "dev.thakur", "Dev Thakur", "IND/ex-disclosure", "disclosure_officer"),
    ("IND", "ravi.kulkarni", "Ravi Kulkarni", "IND/ex-public", "public_officer"),
    ("IND", "asha.menon", "Asha Menon", "IND/ex-audit", "auditor"),
    ("IND", "nisha.varma", "Nisha Varma", "IND/ex-forum", "co_chair"),
    ("USA", "laura.whitfield", "Laura Whitfield", "USA/ex-under-secretary", "co_chair"),
    ("USA", "daniel.ortega", "Daniel Ortega", "USA/ex-project-officer", "working_group_co_chair"),
    ("USA", "ruth.lindqvist", "Ruth Lindqvist", "USA/ex-secretariat", "secretariat"),
    ("USA", "sam.okafor", "Sam Okafor", "USA/ex-disclosure", "disclosure_officer"),
    ("USA", "grace.delgado", "Grace Delgado", "USA/ex-public", "public_officer"),
    ("USA", "helen.brandt", "Helen Brandt", "USA/ex-audit", "auditor"),
    ("USA", "paul.hendry", "Paul Hendry", "USA/ex-forum", "co_chair"),
)

TITLES = {
    "ex-secretary": "Secretary, Exercise Department of Production",
    "ex-under-secretary": "Under Secretary, Exercise Acquisition",
    "ex-project-officer": "Co-chair, naval working group (exercise)",
    "ex-secretariat": "Secretariat of the Exercise Group",
    "ex-disclosure": "Disclosure officer (exercise)",
    "ex-public": "Public office (exercise)",
    "ex-audit": "Auditor (exercise)",
    "ex-forum": "Joint office for industry (exercise)",
}

INSIDE = ("seat", "restrict")  # who sits where, and what is kept to named offices: asked of the office record

POWERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "co_chair": ((*DECIDE, *INSIDE), tuple(KINDS)),
    "secretariat": ((*DECIDE, *INSIDE), tuple(KINDS)),
    "working_group_co_chair": ((*DECIDE, "restrict"), tuple(KINDS)),
    "disclosure_officer": (("release", "state", "restrict"), tuple(KINDS)),
    "public_officer": ((*DECIDE, "make_public"), tuple(KINDS)),
    "auditor": (("comment",), ("office",)),
}
