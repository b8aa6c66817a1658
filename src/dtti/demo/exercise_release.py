"""Release questions, classifications and authorisations of the exercise, in every state that there is. Invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dtti.node.core import release

if TYPE_CHECKING:
    from .exercise import Exercise

#: The questions that the text of the recovery net names, of each side.
OF_NET = ("ex-net-release-in", "ex-net-release-us")
#: What neither side releases of these records, word for word.
NATIONAL = {
    "IND": "Interface of the deck winch to the ship's own power",
    "USA": "Waveform of the recovery beacon",
}


def _question(ref: str, side: str, subject: str, asked: str, **more: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "side": side,
        "subject": subject,
        "of": f"{side}/ex-disclosure",
        "asked_by": f"{side}/ex-project-officer",
        "asked": asked,
        **more,
    }


def _answer(side: str, answer: str, on: str, **more: Any) -> dict[str, Any]:
    return {"answer": answer, "on": on, "office": f"{side}/ex-disclosure", **more}


def named(exercise: Exercise, days: float) -> None:
    """The two questions that the recovery net rests on: asked, answered by the officers, and released by both sides."""
    exercise.clock.ago(days)
    day = exercise.clock.day
    conditions = "Drawings of the net and its winch only; no data of the ships that carry it."
    asked = (
        _question(OF_NET[0], "IND", "Drawings and trial data of the recovery net", day(-days - 25), project="ex-net"),
        _question(OF_NET[1], "USA", "Drawings and trial data of the recovery net", day(-days - 20), project="ex-net"),
    )
    answers = (
        _answer("IND", "yes-with-conditions", day(-days - 2), conditions=conditions, until=day(40)),
        _answer("USA", "yes", day(-days - 3), until=day(400)),
    )
    for question, answer in zip(asked, answers, strict=True):
        side = question["side"]
        record = exercise.desks[f"{side}/ex-project-officer"].state("release_question", question, ledger="national")
        disclosure = exercise.desks[f"{side}/ex-disclosure"]
        answered = {**question, "answers": [answer]}
        disclosure.state("release_question", answered, record, base=1, ledger="national")
        disclosure.pair.clock.later()
        release.release(disclosure.node, record, disclosure.office)
        exercise.pair.swap()


def stage(exercise: Exercise, days: float) -> None:
    """What each side keeps inside: questions that wait, were answered no, or whose answer is good no more; licences."""
    exercise.clock.ago(days)
    day = exercise.clock.day
    us, india = exercise.usa_sec, exercise.ind_sec
    for content in (
        _question("ex-net-beacon", "USA", NATIONAL["USA"], day(-days - 20), project="ex-net", pipe="data-links"),
        _question(
            "ex-net-signature", "USA", "Radar signature of the net", day(-days), project="ex-net",
            pipe="low-observable", wanted_by=day(-3),
        ),
        _question(
            "ex-helmet-night", "USA", "Image intensifier of the helmet", day(-days - 100), project="ex-helmet",
            pipe="night-vision",
            answers=[
                _answer("USA", "yes-with-conditions", day(-days - 60), conditions="Sealed units.", until=day(-10))
            ],
        ),
        _question("ex-power-cells", "USA", "Fuel cells over 2 kW", day(-days), pipe="national-disclosure-policy"),
    ):  # fmt: skip
        us.state("release_question", content, ledger="national")
    us.state(
        "export_classification",
        {
            "ref": "ex-net-winch",
            "side": "USA",
            "project": "ex-net",
            "item": "Deck winch of the recovery net",
            "regime": "eccn",
            "entry": "8A609.x",
            "office": "USA/ex-secretariat",
            "on": day(-days),
            "why": "A part made for a naval vessel, and in no entry of the munitions list.",
        },
    )
    us.state(
        "export_classification",
        {
            "ref": "ex-net-seeker",
            "side": "USA",
            "project": "ex-net",
            "item": "Guidance of the last approach",
            "regime": "usml",
            "entry": "VIII(h)(12)",
            "office": "USA/ex-secretariat",
            "on": day(-days),
            "why": "Made for the recovery of military aircraft on ships.",
            "basis": "determined",
            "registry": "EX/CJ/2026/7, held by the export office (exercise)",
        },
        ledger="national",
    )
    for content in _authorisations(day, days):
        us.state("export_authorisation", content, ledger="national")
    exercise.pair.swap()
    india.state(
        "release_question",
        _question(
            "ex-buoy-library",
            "IND",
            "Library of signals for the listening buoy",
            day(-days - 30),
            project="ex-buoy",
            pipe="ew",
            answers=[_answer("IND", "no", day(-days))],
        ),
        ledger="national",
    )
    india.state(
        "release_question",
        _question("ex-net-power", "IND", NATIONAL["IND"], day(-days), project="ex-net"),
        ledger="national",
    )
    india.state(
        "export_classification",
        {
            "ref": "ex-net-frame",
            "side": "IND",
            "project": "ex-net",
            "item": "Frame of the recovery net",
            "regime": "scomet",
            "entry": "6A009",
            "office": "IND/ex-secretariat",
            "on": day(-days),
            "why": "Made for naval vessels.",
        },
    )
    exercise.pair.swap()


def _authorisations(day: Any, days: float) -> list[dict[str, Any]]:
    """Licences of the United States in the exercise: one near its end and nearly used, one over, one used beyond."""
    base = {
        "side": "USA",
        "project": "ex-net",
        "type": "licence",
        "territory": "India",
        "holder": "Harbour Winch Works",
    }
    return [
        {
            **base,
            "ref": "ex-licence-winch",
            "number": "EX-050-26-0117",
            "item": "Deck winches",
            "classification": "ex-net-winch",
            "issued": day(-days - 200),
            "expires": day(45),
            "quantity": 10,
            "unit": "winches",
            "values": [{"amount": 2_000_000, "currency": "USD"}, {"amount": 40_000_000, "currency": "INR"}],
            "provisos": ["No transfer to a third party without the consent of the side of origin."],
            "used": [
                {
                    "on": day(-days - 60),
                    "quantity": 4,
                    "values": [{"amount": 700_000, "currency": "USD"}, {"amount": 9_000_000, "currency": "INR"}],
                },
                {
                    "on": day(-days),
                    "quantity": 9,
                    "values": [{"amount": 1_500_000, "currency": "USD"}, {"amount": 21_000_000, "currency": "INR"}],
                },
            ],
            "consents": [
                {"origin": "USA", "to": "Yard of a third country (exercise)", "state": "asked", "on": day(-9)}
            ],
        },
        {
            **base,
            "ref": "ex-licence-trial",
            "number": "EX-061-25-0042",
            "type": "technical-assistance-agreement",
            "item": "Advice on the sea trial",
            "issued": day(-400),
            "expires": day(-20),
        },
        {
            **base,
            "ref": "ex-licence-rope",
            "number": "EX-050-26-0203",
            "item": "Arresting rope",
            "issued": day(-days - 100),
            "expires": day(700),
            "quantity": 500,
            "unit": "metres",
            "used": [{"on": day(-days), "quantity": 520}],
        },
    ]
