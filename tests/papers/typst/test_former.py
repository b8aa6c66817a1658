"""Data that an office kept from an earlier version makes the same paper as today's."""

import json
import re

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.papers import gallery, render
from dtti.papers.former import in_todays_spelling

OLD = {"performing-the-duties": "performing", "additional-charge": "additional", "approve-and-sign": "approve"}


def former(text: str) -> str:
    text = text.replace('"due"', '"due_original"').replace('"due_now"', '"due"')
    return re.sub("|".join(OLD), lambda found: OLD[found[0]], text)


@pytest.mark.parametrize("name", ["agenda", "record", "handover", "meeting-pack", "one-pager"])
def test_a_paper_in_the_former_spelling_is_read_as_todays(name: str) -> None:
    sample = gallery.sample(name).decode()
    assert former(sample) != sample or name == "one-pager"
    assert render.read(name, former(sample).encode()) == render.read(name, sample.encode())


def test_a_project_that_stood_at_the_stage_called_otherwise() -> None:
    data = json.loads(gallery.sample("one-pager"))
    data["stage"], data["waived"] = "approve", ["approve"]
    made = msgspec.to_builtins(render.read("one-pager", json.dumps(data).encode()))
    assert (made["stage"], list(made["waived"])) == ("approve-and-sign", ["approve-and-sign"])


@pytest.mark.parametrize("raw", [b'{"due_original": ', b'["due_original"' + b"[" * 5000, b'"due_original\xff"'])
def test_what_is_no_json_is_refused_as_ever(raw: bytes) -> None:
    assert in_todays_spelling(raw) == raw
    with pytest.raises(Refused):
        render.read("record", raw)
