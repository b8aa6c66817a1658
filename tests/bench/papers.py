"""Papers: a bilingual record against bare Typst on the same text, and a pack of three hundred pages. Knows Typst."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import typst

from dtti.papers import gallery, render
from dtti.papers.data.meeting import Pack
from dtti.papers.data.record import Record

from .measure import Bench, Stage, cost, medians, pairs, processor, seconds

ROUNDS = 25
SECONDS, MEGABYTES, PAGES = 10.0, 500.0, 300

FACES = """
#let tail = ("Noto Sans Devanagari", "Noto Sans Math", "Noto Sans Symbols2")
#set page(paper: "a4", margin: 23mm, numbering: "1 / 1")
#set text(font: ("Noto Serif", ..tail), size: 10pt, hyphenate: false)
"""
# The same words in paragraphs, one after another; and as someone would write the record by hand, with both languages
# beside each other and tables.
PLAIN = (
    FACES
    + """
#for each in json("text.json") [#each #parbreak()]
"""
)
BY_HAND = (
    FACES
    + """
#let it = json("text.json")
#let small(body) = text(font: ("Noto Sans", ..tail), size: 8pt, body)
#let pair(words) = grid(columns: (1fr, 1fr), column-gutter: 7mm, words.en, words.hi)
#let stack(words) = { words.en; linebreak(); words.hi }
#small[#it.head.label #h(1fr) #it.head.reference]
= #stack(it.head.title)
#grid(columns: (1fr, 1fr), row-gutter: 1em, small[Body], small[Place], stack(it.body), stack(it.head.place),
  small[File, India], small[File, United States], ..it.head.file_numbers.values())
#grid(columns: (1fr,) * it.phases.len(), ..it.phases.map(p => small[*#p.phase* #linebreak() #p.on]))
== Present
#grid(columns: (1fr, 1fr), row-gutter: 1em, ..it.present.map(p => [#p.name #linebreak() #stack(p.office)]))
== Discussion
#for item in it.items {
  strong[#item.number #stack(item.title)]
  for each in item.minutes { pair(each.text); parbreak() }
}
== Decisions
#table(columns: (36mm, 1fr, 1fr, 10mm),
  ..it.decisions.map(d => (strong(d.number), d.text.en, d.text.hi, d.item)).flatten())
== Actions
#table(columns: (14mm, 1fr, 46mm, 34mm), ..it.actions.map(a => (
  a.number, stack(a.text), a.owners.map(o => stack(o.office)).join(linebreak()), a.due_original)).flatten())
#grid(columns: (1fr, 1fr), ..it.chairs.map(p => [#p.name #linebreak() #stack(p.office)]))
"""
)


def texts(value: object) -> Iterator[str]:
    """Every text in plain data, in its order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)


def run(folder: Path) -> list[Bench]:
    """Both benches; the pack in a process of its own, so that its memory is its own."""
    return [record(), *pack(folder)]


def record() -> Bench:
    """A bilingual record and the same text written by hand in Typst; every text is new in every round."""
    data = render.read("record", gallery.sample("record"))
    two = msgspec.structs.replace(data, items=data.items[:2], decisions=data.decisions[:2], actions=data.actions[:1])
    numbers = count()
    pages = render.typeset("record", two, language="both").pages

    def renewed() -> Any:
        return _renewed(msgspec.to_builtins(two), next(numbers))

    def bare(source: str, text: object) -> bytes:
        files = {"main.typ": source.encode(), "text.json": json.dumps(text).encode()}
        return bytes(
            typst.compile(
                files, font_paths=render._fonts(), ignore_system_fonts=True, pdf_standards=["a-2b"], timestamp=0
            )
        )

    def ours() -> bytes:
        return render.render("record", msgspec.convert(renewed(), Record), language="both")

    taken = pairs(lambda: bare(BY_HAND, renewed()), ours, ROUNDS, clock=processor)
    plain = pairs(lambda: bare(PLAIN, list(texts(renewed()))), ours, ROUNDS, clock=processor)
    floor, whole = medians(taken, 1e3)
    return Bench(
        "paper_record",
        f"a bilingual record of {pages} pages, as PDF/A-2b, in processor time",
        cost(taken),
        2.0,
        "<=",
        "the same record written by hand in bare Typst, in the same fonts, as PDF/A-2b",
        [
            Stage("floor", floor, "ms"),
            Stage("record", whole, "ms"),
            Stage("its words as mere paragraphs", medians(plain, 1e3)[0], "ms"),
            Stage("record, in those", cost(plain), ""),
        ],
    )


def _renewed(value: Any, number: int) -> Any:
    """`value` with `number` after every text in a language, so that nothing can be taken from an earlier round."""
    if isinstance(value, dict):
        return {
            key: f"{each} {number}" if key in ("en", "hi") else _renewed(each, number) for key, each in value.items()
        }
    return [_renewed(each, number) for each in value] if isinstance(value, list | tuple) else value


def pack(folder: Path) -> list[Bench]:
    """A pack of three hundred pages: half set from text in both languages, half put in from PDFs as received."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.papers", str(folder)], capture_output=True, check=True, text=True
    )
    found = json.loads(made.stdout)
    stages = [Stage("pages", found["pages"], "pages"), Stage("size of the PDF", found["bytes"] / 1e6, "MB")]
    says = f"a bilingual pack of {found['pages']} pages"
    return [
        Bench("paper_pack_time", says, found["seconds"], SECONDS, "<=", "seconds, in a new process", stages),
        Bench("paper_pack_memory", says, found["megabytes"], MEGABYTES, "<=", "megabytes at most in memory", stages),
    ]


def large_pack() -> tuple[Pack, dict[str, bytes]]:
    """The pack and the PDFs that it names."""
    data = render.read("meeting-pack", gallery.sample("meeting-pack"))
    record = render.read("record", gallery.sample("record"))
    assert isinstance(data, Pack)
    assert isinstance(record, Record)
    minutes = [each for item in record.items for each in item.minutes]
    received = bytes(
        typst.compile(
            f"#for page in range({PAGES // 2}) [= Page #page \n#lorem(420) #pagebreak(weak: true)]".encode(),
            font_paths=render._fonts(),
            ignore_system_fonts=True,
            timestamp=0,
        )
    )
    papers = [
        msgspec.structs.replace(data.papers[0], reference=f"P-{number:02}", text=tuple(minutes * 9))
        for number in range(PAGES // 8)
    ]
    papers.append(msgspec.structs.replace(data.papers[1], file="received.pdf"))
    return msgspec.structs.replace(data, papers=tuple(papers)), {"received.pdf": received}


def main() -> None:
    """Make the pack once in this process, and say what it took."""
    data, files = large_pack()
    spent: list[render.Typeset] = []
    took = seconds(lambda: spent.append(render.typeset("meeting-pack", data, language="both", attached=files)))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"seconds": took, "megabytes": megabytes, "pages": spent[0].pages, "bytes": len(spent[0].pdf)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
