"""Any Statement of Intent, record or agenda comes back from its Word file as it was, and shows no change."""

import re

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.papers.data.agenda import Agenda, Item, Session
from dtti.papers.data.head import Head, Minute, Person
from dtti.papers.data.intent import Intended, StatementOfIntent
from dtti.papers.data.record import Action, Decision, Discussion, Owner, Record, Step
from dtti.papers.negotiated import apply, compare, read, write

from .kinds import KINDS, paper, sent
from .making import archived, sample, shown, unpacked
from .test_round_trip import PARTY, TEXT, WORDS

SIDE = st.sampled_from(["IND", "USA"])
MAYBE = st.none() | WORDS
DAY = st.one_of(
    st.dates().map(str),
    st.dates().map(lambda each: str(each)[:7]),
    st.integers(0, 9999).map(lambda each: f"{each:04}"),
)
MAYBE_DAY = st.none() | DAY
HEAD = st.builds(
    Head,
    title=WORDS,
    subtitle=MAYBE,
    reference=TEXT,
    label=TEXT,
    file_numbers=st.dictionaries(SIDE, TEXT),
    date=MAYBE_DAY,
    place=MAYBE,
    status=MAYBE,
    exercise=st.booleans(),
)
PERSON = st.builds(
    Person,
    name=TEXT,
    office=WORDS,
    side=SIDE,
    capacity=st.sampled_from(["substantive", "acting", "performing-the-duties", "additional-charge"]),
    organisation=MAYBE,
)
SESSION = st.builds(
    Session, place=WORDS, time=st.times().map(lambda each: each.isoformat(timespec="minutes")[:5]), day=MAYBE
)


def some(strategy, most=2):
    return st.lists(strategy, max_size=most).map(tuple)


def numbered(strategy):
    """Some of these, no two with one number."""
    return st.lists(strategy, max_size=2, unique_by=lambda each: each.number).map(tuple)


def in_time(steps):
    """Phases in their order, dated by days that do not go back."""
    order = ["drafted", "circulated", "no-comment"]
    days = iter(sorted((each.on for each in steps if each.on), key=lambda on: f"{on}-01-01"[:10]))
    return tuple(
        msgspec.structs.replace(each, on=next(days) if each.on else None)
        for each in sorted(steps, key=lambda each: order.index(each.phase))
    )


INTENTS = st.builds(
    StatementOfIntent,
    head=HEAD,
    version=TEXT,
    parties=st.fixed_dictionaries({"IND": PARTY, "USA": PARTY}),
    preamble=WORDS,
    projects=numbered(
        st.builds(
            Intended,
            number=TEXT,
            project=WORDS,
            horizon=st.sampled_from(["near", "mid", "long"]),
            body=MAYBE,
            promised=MAYBE_DAY,
            change=st.sampled_from(["new", "kept", "moved", "dropped"]),
            before=MAYBE_DAY,
            note=MAYBE,
        )
    ),
    paragraphs=some(WORDS),
    closing=MAYBE,
    digest=TEXT,
)
STEP = st.builds(
    Step, phase=st.sampled_from(["drafted", "circulated", "no-comment"]), on=MAYBE_DAY, by=st.none() | SIDE, note=MAYBE
)
OWNERS = st.lists(
    st.builds(Owner, side=SIDE, office=WORDS, name=TEXT), min_size=1, max_size=2, unique_by=lambda each: each.side
).map(tuple)
RECORDS = st.builds(
    Record,
    head=HEAD,
    body=WORDS,
    phases=st.lists(STEP, min_size=1, max_size=2).map(in_time),
    items=numbered(
        st.builds(
            Discussion,
            number=TEXT,
            title=WORDS,
            minutes=some(st.builds(Minute, text=WORDS, portion=st.sampled_from(["", "(U)"]))),
        )
    ),
    decisions=numbered(st.builds(Decision, number=TEXT, text=WORDS, item=TEXT)),
    actions=numbered(
        st.builds(
            Action,
            number=TEXT,
            text=WORDS,
            owners=OWNERS,
            due=DAY,
            due_now=MAYBE_DAY,
            state=st.sampled_from(["open", "done", "dropped"]),
            evidence=TEXT,
            verified_by=st.none() | SIDE,
        )
    ),
    present=some(PERSON),
    chairs=some(PERSON, 1),
    host=st.none() | SIDE,
    mode=st.sampled_from(["in-person", "virtual", "hybrid"]),
    clocks=some(SESSION),
)
AGENDAS = st.builds(
    Agenda,
    head=HEAD,
    body=WORDS,
    items=numbered(
        st.builds(
            Item,
            number=TEXT,
            title=WORDS,
            purpose=st.sampled_from(["information", "decision", "review"]),
            note=MAYBE,
            minutes=st.none() | st.integers(1, 9_999),
            lead=some(SIDE),
            presenter=TEXT,
            papers=some(st.one_of(TEXT, st.sampled_from(["", ";", "; ", "a;", ";;b"])), 3),
            carried=TEXT,
        )
    ),
    host=st.none() | SIDE,
    mode=st.sampled_from(["in-person", "virtual", "hybrid"]),
    clocks=some(SESSION),
    chairs=some(PERSON, 1),
    remarks=some(WORDS),
)


ANY = given(
    st.one_of(INTENTS, RECORDS, AGENDAS),
    st.sampled_from(["en", "hi", "both"]),
    st.sampled_from(["side", "after"]),
    st.sampled_from(["IND", "USA"]),
)


def returned(text, lang, layout, first):
    languages = ("en", "hi") if lang == "both" else (lang,)
    made = write(text, lang=lang, layout=layout, first=first)
    assert read(made) == shown(text, languages)
    found = compare(text, made)
    assert found.same, found.changes
    assert apply(text, found, set()) == text


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@ANY
def test_any_text_comes_back_as_it_was(text, lang, layout, first):
    returned(text, lang, layout, first)


@pytest.mark.office
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@ANY
def test_any_text_comes_back_as_it_was_in_a_long_play(text, lang, layout, first):
    returned(text, lang, layout, first)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lang", ["en", "both"])
def test_a_sample_comes_back_and_shows_no_change(name, lang):
    made = sent(name, lang)
    if lang == "both":
        assert read(made) == paper(name)
    found = compare(paper(name), made)
    assert (found.kind, found.same, found.noise, found.warnings) == (name, True, (), ())


@pytest.mark.parametrize("name", KINDS)
def test_the_same_text_gives_the_same_bytes(name):
    assert write(paper(name), lang="en") == sent(name)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lang", ["en", "hi", "both"])
def test_without_styles_marks_and_our_part_every_text_is_still_found(name, lang):
    parts = {each: data for each, data in unpacked(sent(name, lang)).items() if not each.startswith("customXml")}
    body = parts["word/document.xml"].decode()
    for mark in ("bookmarkStart", "bookmarkEnd", "rStyle", "pStyle"):
        body = re.sub(f"<w:{mark} [^>]*/>", "", body)
    links = re.sub(rb"<Relationship [^>]*customXml[^>]*/>", b"", parts["word/_rels/document.xml.rels"])
    bare = archived({**parts, "word/document.xml": body.encode(), "word/_rels/document.xml.rels": links})
    assert compare(paper(name), bare).changes == ()


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(Refused) as refused:
        compare(sample(), sent("record"))
    assert refused.value.refusals[0].rule == "word-kind"


def test_bookmarks_are_unique_and_have_names_that_word_takes():
    for name in KINDS:
        body = unpacked(sent(name, "both"))["word/document.xml"].decode()
        marks = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]*)"', body)
        assert len(marks) == len(set(marks))
        assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", each, re.ASCII) for each in marks)


def test_a_file_in_one_language_holds_no_word_of_the_other():
    for name in KINDS:
        said = b"".join(unpacked(sent(name)).values()).decode()
        assert not re.search("[\u0900-\u097f]", said)
