"""Press release: what one ministry told the public of a meeting by itself, in its own words."""

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import Line, MeetingRef, Prose, SideCode, SourceRef, When


class PressRelease(Content, frozen=True, kw_only=True):
    """What a side published on its own: its words, on which day, where. It stands beside the joint readout."""

    meeting: MeetingRef
    side: SideCode
    title: Line
    on: When
    where: Line | None = None
    source: SourceRef | None = None
    paragraphs: tuple[Prose, ...]


def _checks(release: PressRelease, context: Context) -> list[Refusal]:
    if release.paragraphs:
        return []
    return [
        Refusal(
            "release-text",
            "Nothing says what was published.",
            "Give its words, a paragraph on each line.",
            "paragraphs",
        )
    ]


PRESS_RELEASE = Kind(
    code="press_release",
    mode="own",
    writers="public office of that side",
    content=PressRelease,
    facets=lambda release: facets(release, subtitle=release.meeting, about=release.side, on=release.on),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("press release"),
        many=N_("Press releases"),
        address="press-releases",
        section="meets",
        place=6,
        lede=N_("What each ministry told the public by itself, in its own words. It stands beside the joint readout."),
        columns=(
            Column(N_("Press release"), NAME, order="title"),
            Column(N_("Side"), "about"),
            Column(N_("Date"), "date", order="earliest"),
        ),
        filters=(("about", N_("Side")),),
        order="earliest",
        descending=True,
        begins=lambda beginning: (
            {"side": beginning.side} | ({"meeting": beginning.meeting} if beginning.meeting else {})
        ),
        missed=("source",),
    ),
)
