"""`dtti public`: a folder of plain files with what anybody may see of a node, and nothing else, without a script."""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from lxml import html
from tests.conftest import ROOT

from dtti.accord import proof, table
from dtti.cli.main import main
from dtti.demo import register
from dtti.demo.exercise import Exercise
from dtti.ledger import act as acts
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import draft as drafts
from dtti.node.core import text
from dtti.node.line import published
from dtti.programme import walk
from dtti.programme.kinds import KINDS
from dtti.programme.published import load

from .capitals import exercise  # noqa: F401 - a fixture
from .test_leaks import add_ten
from .test_look_browser import RULES, Strict
from .test_look_browser import browser as chromium  # noqa: F401 - a fixture

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("public")]

WHOLE = ("body", "meeting")  # kinds of the public record that are held whole; of others
FEW = 3
PLANTED = (b"PLANTED-NATIONAL", b"PLANTED-RELEASED", *(each.encode() for each in register.NATIONAL.values()))
BASE = "https://dtti.example/"


def command(folder: Path, out: Path, *more: str) -> list[str]:
    """The command that makes the folder."""
    return [sys.executable, "-m", "dtti.cli.main", "public", "--node", str(folder), "--out", str(out), *more]


def make(folder: Path, out: Path, *more: str) -> str:
    """Make the folder; returns what was printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command(folder, out, *more), capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def held(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its name in it."""
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def plant(exercise: Exercise) -> None:  # noqa: F811
    """National, released and draft texts, remarks and names of documents, all of them recognisable."""
    add_ten(exercise)
    officer = exercise.ind_po
    need = {
        "ref": "ex-in-released",
        "type": "need",
        "side": "IND",
        "title": "PLANTED-RELEASED: a need told to the other capital",
        "user": "PLANTED-RELEASED: a fleet",
        "capability": "PLANTED-RELEASED: told, and not public.",
        "priority": "high",
        "domain": "naval",
        "status": "open",
        "cite": {
            "sources": ["S1"],
            "confidence": "sourced",
            "places": [{"source": "S1", "at": "PLANTED-RELEASED.pdf"}],
        },
    }
    officer.state("need", need)
    for record in (exercise.records["net"], exercise.records["survey"]):
        exercise.clock.later()
        remark = text.Text(remarks="PLANTED-RELEASED: a remark, see PLANTED-RELEASED.docx")
        officer.node.write(drafts.Draft("comment", record, table.Plain(), officer.office, (remark,)))


def some() -> list[published.Item]:
    """A part of the public record: some kinds whole, a few of each other, and all that these name."""
    packaged = {f"{each.kind}:{each.ref}": each for each in load()}
    numbered = Counter[str]()
    waiting, kept = list[str](), set[str]()
    for link, each in packaged.items():
        numbered[each.kind] += 1
        if each.kind in WHOLE or numbered[each.kind] <= FEW:
            waiting.append(link)
    while waiting:
        link = waiting.pop()
        if link in packaged and link not in kept:
            kept.add(link)
            waiting += walk.links(packaged[link].content)
    return [item for item in published.items() if f"{item[0]}:{item[2]['ref']}" in kept]


@pytest.fixture(scope="module")
def made(exercise: Exercise, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:  # noqa: F811
    """The folder before more is planted, the folder after it, and the node."""
    node = exercise.pair.nodes["IND"]
    published.put(node, some())
    folder = tmp_path_factory.mktemp("public")
    day = time.strftime("%Y-%m-%d", time.gmtime())
    make(node.folder.path, folder / "before", "--url", BASE)
    plant(exercise)
    make(node.folder.path, folder / "after", "--url", BASE)
    if time.strftime("%Y-%m-%d", time.gmtime()) != day:  # pages count days: midnight fell between the two
        make(node.folder.path, folder / "before", "--url", BASE)
    return folder / "before", folder / "after", node.folder.path


def opened(name: str, body: bytes) -> Iterator[bytes]:
    """What stands in a file, and in what is packed in it."""
    yield body
    if name.endswith((".xlsx", ".docx")):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for one in packed.infolist():
                yield one.filename.encode() + packed.read(one)
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL) if name.endswith(".pdf") else ():
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def test_planted_national_released_and_draft_words_are_nowhere_in_it(
    made: tuple[Path, Path, Path],
    exercise: Exercise,  # noqa: F811
) -> None:
    before, after, _node = made
    node = exercise.pair.nodes["IND"]
    named = {acts.open_leaf(leaf).act.record for name in (NATIONAL, RELEASED) for leaf in node.store.leaves(name)}
    secrets = {record.rpartition("/")[2] for record in named if record and "/PUB/" not in record}
    assert len(secrets) > 20
    there = [(name, body) for folder in (before, after) for name, body in held(folder).items()]
    assert {Path(name).suffix for name, _body in there} >= {".html", ".json", ".csv", ".xlsx", ".svg", ".xml", ".ics"}
    for name, body in there:
        for part in (name.encode(), *opened(name, body)):
            assert [word for word in (*PLANTED, *(each.encode() for each in secrets)) if word in part] == [], name


def test_the_same_public_acts_give_the_same_bytes_whatever_else_was_written(made: tuple[Path, Path, Path]) -> None:
    before, after, _node = made
    one, other = held(before), held(after)
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []


class Links(HTMLParser):
    """What a page leads to and fetches, and what a strict policy would forbid."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.to: list[str] = []
        self.forbidden: list[str] = []
        self.ids: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.to += [value for name in ("href", "src", "action") if (value := given.get(name)) is not None]
        self.ids |= {value for value in (given.get("id"),) if value}
        if tag in ("script", "style", "form", "button", "iframe", "base") or "style" in given:
            self.forbidden.append(tag)
        self.forbidden += [name for name in given if name.startswith("on")]


def leads(folder: Path, page: str) -> list[str]:
    """The files of the folder to which a page leads."""
    found = []
    for each in Links(folder / page).to:
        split = urlsplit(each)
        if not split.scheme and split.path:
            found.append(os.path.normpath(Path(page).parent / split.path))
    return found


def test_every_link_resolves_inside_the_folder_and_no_page_needs_a_script_or_a_form(
    made: tuple[Path, Path, Path],
) -> None:
    _before, folder, _node = made
    pages = [name for name in held(folder) if name.endswith(".html")]
    assert len(pages) > 200
    assert {name.partition("/")[0] for name in held(folder) if name.endswith(".js")} == {"verifier"}
    checking = {"about/verify.html", "hi/about/verify.html"}  # the one page that a script may help
    for name in pages:
        found = Links(folder / name)
        assert found.forbidden == (["script"] if name in checking else []), name
        assert [each for each in leads(folder, name) if not (folder / each).is_file()] == [], name
        assert [each for each in found.to if each.startswith(("/", "?")) or "localhost" in each] == [], name
        assert [each for each in found.to if each.startswith("#") and each[1:] not in found.ids] == [], name


@pytest.mark.parametrize("front", ["index.html", "hi/index.html"])
def test_a_newcomer_finds_within_three_clicks_what_people_ask_first(made: tuple[Path, Path, Path], front: str) -> None:
    _before, folder, _node = made
    near, clicks = {front}, [front]
    for _click in range(3):
        clicks = [
            each for page in clicks for each in leads(folder, page) if each.endswith(".html") and each not in near
        ]
        near |= set(clicks)
    home = Path(front).parent
    for name in ("index", "cadence", "projects-board", "scorecard", "promises", "differences", "about/verify"):
        assert os.path.normpath(home / f"{name}.html") in near
    for address in ("bodies", "meetings", "projects", "differences", "commitments"):
        assert [each for each in near if each.startswith(os.path.normpath(home / address) + "/")]
    shown = Path(folder, front).read_text(encoding="utf-8")
    for found in ("9 Nov 2021", "11 May 2022") if front == "index.html" else ("9 नवंबर 2021", "11 मई 2022"):
        assert found in re.sub(r"<[^>]*>", "", shown)


def test_data_feeds_and_sitemap_say_what_the_pages_say(made: tuple[Path, Path, Path]) -> None:
    _before, folder, _node = made
    for code, kind in KINDS.items():
        rows = msgspec.json.decode((folder / "data" / f"{code}.json").read_bytes())
        assert [row["content"] for row in rows] == [kind.write(kind.read(row["content"])) for row in rows]
        assert all((folder / row["page"]).is_file() for row in rows)
        assert (folder / "data" / f"{code}.csv").read_bytes().count(b"\r\n") == len(rows) + 1
        assert msgspec.json.decode((folder / "data" / f"{code}.schema.json").read_bytes())["$defs"]
    assert {row["grade"] for row in msgspec.json.decode((folder / "data" / "meeting.json").read_bytes())} == {
        "published"
    }
    assert "Apache-2.0" in (folder / "data" / "README.md").read_text(encoding="utf-8")
    atom = "{http://www.w3.org/2005/Atom}"
    for name in ("feed.xml", "hi/feed.xml", "feed-meetings.xml", "hi/feed-projects.xml"):
        feed = ElementTree.parse(folder / name).getroot()
        times = [one.findtext(f"{atom}updated") or "" for one in feed.iter(f"{atom}entry")]
        assert times
        assert times == sorted(times, reverse=True)
        assert feed.findtext(f"{atom}updated") == times[0]
        for one in feed.iter(f"{atom}link"):
            assert (folder / one.attrib["href"].removeprefix(BASE)).is_file()
    listed = {one.text for one in ElementTree.parse(folder / "sitemap.xml").getroot().iter() if one.text}
    assert {each.removeprefix(BASE) for each in listed} - {"\n"} == {
        name for name in held(folder) if name.endswith(".html")
    }


def test_one_calendar_holds_every_public_meeting_whose_day_is_known(made: tuple[Path, Path, Path]) -> None:
    _before, folder, _node = made
    rows = msgspec.json.decode((folder / "data" / "meeting.json").read_bytes())
    known = [row for row in rows if re.fullmatch(r"\d{4}-\d\d-\d\d", row["content"]["date"])]
    assert len(known) > 20
    for name in ("meetings-public.ics", "hi/meetings-public.ics"):
        calendar = Calendar.from_ical((folder / name).read_bytes())
        events = calendar.walk("VEVENT")
        assert len(events) == len(known)
        days = {row["content"]["date"].replace("-", "") for row in known}
        assert {each["DTSTART"].to_ical().decode()[:8] for each in events} == days
        assert all((folder / str(each["URL"]).removeprefix(BASE)).is_file() for each in events)


def test_the_json_beside_a_page_is_what_the_node_answers(
    made: tuple[Path, Path, Path],
    exercise: Exercise,  # noqa: F811
    settings: Any,
    client: Any,
    db: None,
) -> None:
    from .capitals import serve

    _before, folder, _node = made
    serve(settings, exercise.pair.nodes["IND"])
    for name in ("cadence", "promises", "projects-board", "bodies-tree"):
        answer = client.get(f"/{name}.json").json()
        kept = msgspec.json.decode((folder / f"{name}.json").read_bytes())
        assert kept.keys() == answer.keys()
        if name != "projects-board":  # whose cards have addresses
            assert kept == answer


@pytest.mark.parametrize("language", ["", "hi/"])
def test_the_front_of_the_folder_says_what_the_front_of_the_node_says_to_a_visitor(
    made: tuple[Path, Path, Path],
    exercise: Exercise,  # noqa: F811
    settings: Any,
    client: Any,
    db: None,
    language: str,
) -> None:
    from .capitals import serve

    def sections(source: str | bytes) -> dict[str, str]:
        found = html.fromstring(source).xpath("//main//section[@id]")
        return {each.get("id"): " ".join(each.text_content().split()) for each in found}

    serve(settings, exercise.pair.nodes["IND"])
    front = sections(client.get(f"/{language}", follow=True).content)
    assert front.keys() == {"bodies", "timeline", "meetings", "projects", "promises", "due", "differences"}
    assert sections((made[1] / language / "index.html").read_bytes()) == front


def test_a_second_run_takes_the_place_of_the_first_and_one_that_is_killed_leaves_it(
    made: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    _before, folder, node = made
    out = tmp_path / "out"
    shutil.copytree(folder, out)
    (out / "stale.html").write_text("no longer so")
    was = held(out)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    running = subprocess.Popen(command(node, out), env=environment, start_new_session=True)
    while not list(tmp_path.glob(".out.making-*/*/raw/*")):
        assert running.poll() is None
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert held(out) == was
    assert list(tmp_path.glob(".out.making-*"))
    make(node, out, "--url", BASE)
    assert sorted(tmp_path.iterdir()) == [tmp_path / ".out.kept", out]
    assert held(out) == held(folder)


def test_a_folder_that_holds_something_else_is_left_alone(
    made: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    done = subprocess.run(
        command(made[2], tmp_path), capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}
    )
    assert done.returncode == 1
    assert "public-folder" in done.stderr
    assert (tmp_path / "letter.txt").read_text() == "mine"
    assert main(["public", "--node", str(made[2]), "--out", str(tmp_path / "new"), "--url", "dtti.example"]) == 2
    assert "https://" in capsys.readouterr().err


@pytest.fixture(scope="module")
def served(made: tuple[Path, Path, Path]) -> Iterator[str]:
    """The folder as another machine serves it: files under the strictest policy, and nothing else."""

    class Files(Strict):
        def end_headers(self) -> None:
            policy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'"
            if self.path.endswith("about/verify.html"):
                policy += "; script-src 'self'"
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Content-Security-Policy", policy)
            super(Strict, self).end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(made[1])))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parts
@pytest.mark.parametrize("language", ["", "hi/"])
def test_axe_finds_nothing_at_1280_and_320_and_nothing_runs_off_the_side(
    made: tuple[Path, Path, Path],
    served: str,
    chromium: Any,  # noqa: F811
    language: str,
    today: Callable[[list[str], int], list[str]],
) -> None:
    sections = {kind.face.address for kind in KINDS.values()}
    fronts = [name for name in held(made[1]) if name.count("/") == 0 and re.fullmatch(r"[a-z-]+\.html", name)]
    records = {each: next((made[1] / each).glob("*.html"), None) for each in sections}
    one_each = [found.relative_to(made[1]).as_posix() for found in records.values() if found]
    assert len(one_each) > 8
    faults: list[object] = []
    context = chromium.new_context()
    page = context.new_page()
    page.on("console", lambda said: faults.append((page.url, said.text)) if said.type in ("error", "warning") else None)
    pages = sorted([*fronts, *one_each, "about/verify.html", "about/data.html", "cadence.tables.html"])
    judged = {*today(pages, 4)}
    for name in pages:
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.goto(f"{served}/{language}{name}").ok, name
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if name not in judged:
                continue
            broken = Axe().run(page, options=RULES).response["violations"]
            faults += [(name, width, one["id"], [node["html"][:160] for node in one["nodes"]]) for one in broken]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide != 320:
            faults.append((name, "runs off the side", wide))
    context.close()
    assert faults == [], "\n".join(map(str, faults))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["", "hi/"])
def test_a_proof_that_is_dropped_on_the_page_is_checked_in_the_browser(
    made: tuple[Path, Path, Path],
    served: str,
    chromium: Any,  # noqa: F811
    tmp_path: Path,
    language: str,
) -> None:
    from tests.readers import bad_proofs

    sound = bad_proofs.by_hand()[2]
    (tmp_path / "proof.json").write_bytes(sound)
    (tmp_path / "bad.json").write_bytes(
        sound.replace(b"recorded", b"agreed_h", 1) if b"recorded" in sound else sound[:-9]
    )
    constitution = proof.check(sound).constitution
    page = chromium.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(f"{served}/{language}about/verify.html")
    page.set_input_files("#check-file", tmp_path / "proof.json")
    page.wait_for_selector("#check-told .heed")
    page.fill("#check-digest", constitution)
    page.dispatch_event("#check-digest", "change")
    page.wait_for_selector("#check-told .good")
    assert proof.check(sound).says in page.inner_text("#check-told")
    page.set_input_files("#check-file", tmp_path / "bad.json")
    page.wait_for_selector("#check-told .bad")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7\n" + bytes(2000))
    page.set_input_files("#check-file", tmp_path / "paper.pdf")
    page.wait_for_selector("#check-told .heed")
    assert page.query_selector("#check-told .bad") is None
    said = {"": ("no proof and no open pack", "printed at its foot"), "hi/": ("न प्रमाण", "छपे")}[language]
    assert all(words in page.inner_text("#check-told") for words in said)
    page.set_input_files("#check-file", tmp_path / "bad.json")
    page.wait_for_selector("#check-told .bad")
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert faults == []
    page.close()
