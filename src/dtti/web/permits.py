"""Which pages take what is sent to them, and what is asked of whoever sends it: default deny, before any view runs.

Every page that accepts a POST stands here by the name of its address, or it is answered 405. The exact question (this
record, its kind, who was told of it) is asked by the view, of the same function, for the permit without which nothing
is written; here it is asked whether the seat taken could be allowed it at all, so that whoever cannot learns nothing.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from dtti.accord.refusal import Refusal, refuse
from dtti.node.people import models, permissions
from dtti.node.people.models import Seat
from dtti.programme.kinds import KINDS

from .requests import PageRequest

#: Anyone: it changes nothing but the session of whoever sends it, or only computes. Own: one's own account, signed in.
Account = Literal["anyone", "own"]

#: Pages of accounts, and those that only compute, by the name of their address.
ACCOUNTS: Final[Mapping[str, Account]] = {
    "csp_report": "anyone",
    "demo_sign_in": "anyone",
    "demo_switch": "anyone",
    "account_login": "anyone",
    "mfa_authenticate": "anyone",
    "mfa_login_webauthn": "anyone",
    "integrity": "anyone",
    "check": "anyone",
    "account_logout": "own",
    "account_seat": "own",
    "office_passkeys": "own",
    "watch": "own",
    "see_as": "own",
    "calendars": "own",
    "mail": "own",
    "account_change_password": "own",
    "account_reauthenticate": "own",
    "mfa_reauthenticate": "own",
    "mfa_reauthenticate_webauthn": "own",
    "mfa_activate_totp": "own",
    "mfa_deactivate_totp": "own",
    "mfa_add_webauthn": "own",
    "mfa_remove_webauthn": "own",
    "mfa_edit_webauthn": "own",
    "mfa_generate_recovery_codes": "own",
}

#: Pages of the industry room: for whoever submits, and for nobody else.
ROOM: Final = frozenset({"industry_send", "industry_say"})

#: Pages that write, with the purposes of which the seat must be allowed one; a draft's stands in its address.
WRITING: Final[Mapping[str, tuple[str, ...]]] = {
    "draft": tuple(f"write_draft:{one}" for one in models.PURPOSES),
    "choose": tuple(f"write_draft:{one}" for one in models.PURPOSES),
    "meeting_answers": ("write_draft:state",),
    "meeting_days": ("write_draft:propose", "write_draft:paper"),
    "meeting_carry": ("write_draft:propose", "write_draft:paper"),
    "meeting_notes": ("write_draft:propose", "write_draft:paper"),
    "meeting_announce": ("write_draft:propose", "write_draft:paper"),
    "project-reading": ("write_draft:state",),
    "project-assessment": ("write_draft:state",),
    "project-milestone": ("write_draft:state",),
    "project_stage": ("write_draft:propose", "write_draft:paper"),
    "meeting_word": ("write_draft:propose", "write_draft:paper"),
    "autosave": tuple(f"write_draft:{one}" for one in models.PURPOSES),
    "check_draft": models.PURPOSES,
    "show_draft": ("show_draft",),
    "agree": ("accept",),
    "send_back": ("send_back",),
    "withdraw": ("withdraw",),
    "late": ("late",),
    "hand_over": ("hand_over",),
    "request_pen": ("request_pen",),
    "remark": ("remark",),
    "remark_to_other": ("remark_to_other",),
    "notice": ("notice",),
    "project_suspend": ("notice",),
    "project_resume": ("notice",),
    "project_leave": ("notice",),
    "release": ("release",),
    "confirm_paper": ("confirm_paper",),
    "make_public": ("make_public",),
    "ask_seat": ("seat",),
    "confirm_seat": ("seat",),
    "restrict": ("restrict",),
    "report-action": ("write_draft:state",),
    "report-commitment": ("write_draft:state",),
    "verify-report": ("write_draft:state",),
    "report-draft": ("write_draft:state",),
    "lane_step": ("write_draft:state",),
    "step-draft": ("write_draft:state",),
    "bring-in-actions": ("write_draft:state",),
    "bring": tuple(f"write_draft:{one}" for one in models.PURPOSES),
    "brought": tuple(f"write_draft:{one}" for one in models.PURPOSES),
    "brought_check": ("state", "paper"),
    "recommendation_step": ("write_draft:state",),
    "intake": ("write_draft:state",),
    "industry_accounts": ("write_draft:state",),
    "disposition_agenda": ("write_draft:propose", "write_draft:paper"),
}


def takes(name: str) -> bool:
    """Whether the page of that address name accepts a POST."""
    return name in ACCOUNTS or name in ROOM or name in WRITING


@lru_cache(maxsize=64)
def drafts(office: str, duty: str) -> bool:
    """Whether a seat of that office and duty may draft anything at all: then it may bring in a file."""
    seat = Seat(office=office, duty=duty)
    return any(permissions.ever(seat, purpose, KINDS) is None for purpose in WRITING["bring"])


def against(request: PageRequest, name: str, given: Mapping[str, Any]) -> Refusal | None:
    """What stands against whoever sends something to a page that `takes` it; `given`: the parts of its address."""
    if name in ACCOUNTS:
        if ACCOUNTS[name] == "own" and not request.user.is_authenticated:
            return refuse("signed-in", "nobody is signed in", "Sign in first.")
        return None
    if name in ROOM:
        return permissions.against_submitting(request.seat)
    wanted = [one for one in WRITING[name] if "purpose" not in given or one.rpartition(":")[2] == given["purpose"]]
    refusals = [permissions.ever(request.seat, one, KINDS) for one in wanted]
    if refusals and not all(refusals):
        return None
    return next(filter(None, refusals), None) or refuse("duty", "no seat allows this", "Use the buttons of the page.")
