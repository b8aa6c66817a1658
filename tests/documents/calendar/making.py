"""Sample meetings for these tests, all fictitious, and the strategies that make any meeting whatever."""

import datetime as dt
import string

from hypothesis import strategies as st

from dtti.documents.calendar.event import AllDay, Attendee, Event, Feed, Person, Timed, uid_for
from dtti.documents.calendar.read import read
from dtti.documents.values import Words

STAMP = dt.datetime(2027, 2, 1, 6, 30, tzinfo=dt.UTC)
SECRETARIAT = Person("DTTI secretariat", "dtti@secretariat.example")
ASHA = Attendee("Asha Verma-Test", "asha.verma@delhi.example", role="CHAIR")
BEN = Attendee("Ben Carter-Test", "ben.carter@washington.example")
ROOM = Attendee("Conference hall 3", "hall3@delhi.example", kind="ROOM", role="NON-PARTICIPANT", rsvp=False)


def invitation(file: bytes) -> Event:
    """The one meeting of a calendar file."""
    (event,) = read(file).events
    return event


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def meeting(**changes: object) -> Event:
    given: dict[str, object] = {
        "uid": uid_for("meeting/sample-group/4"),
        "stamp": STAMP,
        "title": Words(en="Sample Group, 4th meeting", hi="नमूना समूह की चौथी बैठक"),
        "when": Timed(utc(2027, 3, 16, 4, 0), utc(2027, 3, 16, 12, 0), "Asia/Kolkata"),
        "mode": "hybrid",
        "place": Words(en="New Delhi, hall 3; east wing", hi="नई दिल्ली, सभा-कक्ष 3; पूर्वी खंड"),
        "description": Words(
            en="Agenda:\n1. Actions\n2. \\New\\ business, if any", hi="कार्यसूची:\n1. कार्रवाइयाँ\n2. नए विषय"
        ),
        "link": "https://video.example/room/7?a=1,2;3",
        "page": "https://dtti.example/meetings/sample-4",
        "label": "UNCLASSIFIED // REL TO IND, USA",
        "organizer": SECRETARIAT,
        "attendees": (ASHA, BEN, ROOM),
    }
    return Event(**{**given, **changes})  # type: ignore[arg-type]


def feed(*events: Event) -> Feed:
    return Feed(
        name=Words(en="Sample Group: meetings and dates", hi="नमूना समूह: बैठकें और तिथियाँ"),
        office=Person("Office of the Sample Group", "office@sample.example"),
        events=events,
        about=Words(en="All that is due, in one calendar", hi="सभी नियत तिथियाँ एक कैलेंडर में"),
        address="https://dtti.example/feeds/sample.ics",
    )


# Any text that a calendar file can hold: no controls but tab and line feed, no line separators, no half characters.
_LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
_MIXED = st.one_of(_LETTERS, st.sampled_from(list("कक्षत्रज्ञि़्ं\u200d\u200c🙂\u202e\ufeff,;:\\nN\"^'")))
LINE = st.text(_MIXED, max_size=90)
PROSE = st.text(st.one_of(_MIXED, st.sampled_from("\n\t")), max_size=300)


def words(text: st.SearchStrategy[str]) -> st.SearchStrategy[Words]:
    return st.builds(Words, en=text, hi=text.filter(bool), reviewed=st.booleans()) | st.builds(
        Words, en=text.filter(bool)
    )


WORD = st.text(string.ascii_letters + string.digits + "._+-", min_size=1, max_size=20)
ADDRESS = st.builds("{}@{}.example".format, WORD, WORD)
MOMENT = st.integers(0, 40 * 365 * 86400).map(lambda seconds: utc(2005, 1, 1) + dt.timedelta(seconds=seconds))
NAME = LINE.map(lambda text: text.replace("\\", ""))
PERSON = st.builds(Person, name=NAME, address=ADDRESS)
ATTENDEE = st.builds(
    Attendee,
    name=NAME,
    address=ADDRESS,
    role=st.sampled_from(["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"]),
    answer=st.sampled_from(["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"]),
    kind=st.sampled_from(["INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"]),
    rsvp=st.booleans(),
)
ZONES = ["Asia/Kolkata", "America/New_York", "UTC", "Pacific/Honolulu", "Europe/Dublin", "Australia/Lord_Howe"]


@st.composite
def when(draw: st.DrawFn) -> Timed | AllDay:
    start = draw(MOMENT)
    if draw(st.booleans()):
        return AllDay(start.date(), start.date() + dt.timedelta(days=draw(st.integers(0, 9))))
    end = start + dt.timedelta(minutes=draw(st.integers(1, 3 * 24 * 60)))
    zone = draw(st.sampled_from(ZONES))
    try:
        return Timed(start, end, zone)
    except ValueError:  # the repeated hour, which a zone's own clock cannot say
        return Timed(start, end, "UTC")


EVENT = st.builds(
    Event,
    uid=st.text(string.ascii_letters + string.digits + "-./@:,;\\", min_size=1, max_size=60),
    stamp=MOMENT,
    title=words(LINE),
    when=when(),
    sequence=st.integers(0, 2**31 - 1),
    created=st.none() | MOMENT,
    changed=st.none() | MOMENT,
    sort=st.sampled_from(["meeting", "due", "clock"]),
    status=st.sampled_from(["TENTATIVE", "CONFIRMED"]),
    mode=st.sampled_from([None, "in-person", "virtual", "hybrid"]),
    place=st.none() | words(LINE),
    link=st.sampled_from(["", "https://video.example/a?b=c;d,e%20f", "https://[2001:db8::7]/r?x=1&y=(2)"]),
    page=st.sampled_from(["", "https://dtti.example/m/1"]),
    description=st.none() | words(PROSE),
    comment=st.none() | st.builds(Words, en=PROSE.filter(bool)),
    label=LINE,
    access=st.sampled_from(["PUBLIC", "PRIVATE", "CONFIDENTIAL"]),
    organizer=PERSON,
    attendees=st.lists(ATTENDEE, min_size=1, max_size=4, unique_by=lambda each: each.address.lower()).map(tuple),
)
