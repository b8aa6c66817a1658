"""Papers: a bilingual record against bare Typst on the same text, and a pack of three hundred pages. Knows Typst."""

import json
import resource
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import typst

from dtti.documents.typeset.compile import fonts
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.office.asking import Asking, Moment
from dtti.office.papers import registry
from dtti.papers import gallery, render
from dtti.papers.data.meeting import Pack
from dtti.papers.data.record import Record

from . import making
from .measure import Bench, Stage, cost, medians, pairs, processor, seconds

ROUNDS, PAGES = 25, 300
SECONDS, MEGABYTES = 10.0, 500.0
SMALL = {"ROUNDS": 1, "PAGES": 16}

# The record as someone would write it by hand: every word that it prints, fixed ones too, in both languages, in tables
# and beside each other.
BY_HAND = r"""
#let it = json("text.json")
#let tail = ("Noto Sans Devanagari", "Noto Sans Math", "Noto Sans Symbols2")
#let small(body) = text(font: ("Noto Sans", ..tail), size: 8pt, body)
#let pair(words) = grid(columns: (1fr, 1fr), column-gutter: 7mm, words.en, words.hi)
#let stack(words) = { words.en; linebreak(); words.hi }
#let row(words) = [#words.en / #words.hi]
#let label = align(center, small[*#it.head.label*])
#set page(paper: "a4", margin: 23mm,
  header: label + context if counter(page).get().first() > 1 { small[
    #it.head.title.en #h(1fr) IND #it.head.file_numbers.IND #h(1em) USA #it.head.file_numbers.USA] },
  footer: context small[
    #it.head.reference #h(1fr) Page #counter(page).display() of #counter(page).final().first() /
    पृष्ठ #counter(page).display() / #counter(page).final().first() \
    Exercise: people and projects in this paper are made up / अभ्यास: इस पत्र के व्यक्ति और परियोजनाएँ काल्पनिक हैं
    #label])
#set text(font: ("Noto Serif", ..tail), size: 10pt, hyphenate: false)
#small[India–United States Defense Technology and Trade Initiative \
  भारत–संयुक्त राज्य अमेरिका रक्षा प्रौद्योगिकी एवं व्यापार पहल]
#line(length: 100%)
#small[*RECORD OF DISCUSSION · चर्चा-अभिलेख*]
= #stack(it.head.title)
#small[Standing of this text / इस पाठ की स्थिति] \
*● Agreed / सहमत* \
Both sides agreed this text. / दोनों पक्ष इस पाठ पर सहमत हैं।
#grid(columns: (1fr,) * 4,
  small[*Drafted \ प्रारूपित* \ 28 Jan 2027 \ 28 जनवरी 2027 \ ■ India / भारत],
  small[*Circulated \ परिचालित* \ 2 Feb 2027 \ 2 फ़रवरी 2027 \ ■ India / भारत],
  small[*Corrected \ संशोधित* \ 9 Feb 2027 \ 9 फ़रवरी 2027 \ □ United States / संयुक्त राज्य अमेरिका \
    #stack(it.phases.at(2).note)],
  small[*Agreed \ सहमत* \ 16 Feb 2027 \ 16 फ़रवरी 2027])
#grid(columns: (1fr, 1fr), row-gutter: 1em,
  [#small[Body / निकाय] \ #stack(it.body)],
  [#small[Date / दिनांक] \ 26 Jan 2027 / 26 जनवरी 2027],
  [#small[Place / स्थान] \ #stack(it.head.place)],
  [#small[Held / स्वरूप] \ in person / प्रत्यक्ष; Host / मेज़बान: ■ India / भारत],
  [#small[Begins / आरंभ] \ #for c in it.clocks [#c.time #row(c.place), #row(c.day) \ ]], [],
  [#small[File number / फ़ाइल संख्या, India / भारत] \ #it.head.file_numbers.IND],
  [#small[File number / फ़ाइल संख्या, United States / संयुक्त राज्य अमेरिका] \ #it.head.file_numbers.USA])
== Present / उपस्थित
#let people(side) = for p in it.present { if p.side == side [
  #p.name \ #row(p.office)
  #if p.at("capacity", default: "") == "performing-the-duties" [(performing the duties of / के कर्तव्यों का निर्वहन)] \ ] }
#grid(columns: (1fr, 1fr), column-gutter: 7mm,
  [*■ India / भारत* \ #people("IND")], [*□ United States / संयुक्त राज्य अमेरिका* \ #people("USA")])
== Discussion / चर्चा
#for item in it.items {
  strong[#item.number #row(item.title)]
  for each in item.minutes { pair((en: [*#each.portion* #each.text.en], hi: each.text.hi)); parbreak() }
}
== Decisions / निर्णय
#table(columns: (36mm, 1fr, 1fr, 10mm),
  small[Decision \ निर्णय], small[What was decided \ निर्णय का पाठ], [], small[Item \ मद],
  ..it.decisions.map(d => (strong(d.number), d.text.en, d.text.hi, d.item)).flatten())
== Actions / कार्रवाइयाँ
#table(columns: (14mm, 1fr, 46mm, 34mm),
  small[Action \ कार्रवाई], small[What is to be done \ करणीय कार्य],
  small[Owner on each side \ प्रत्येक पक्ष में दायित्व], small[Due \ नियत तिथि],
  ..it.actions.map(a => (a.number, [#stack(a.text) \ #small[○ open / शेष]],
    a.owners.map(o => [□ #row(o.office)]).join(linebreak()),
    [#small[Original due / मूल नियत तिथि] \ 15 Mar 2027 / 15 मार्च 2027])).flatten())
Confirmed as the record of discussion / चर्चा-अभिलेख के रूप में पुष्ट
#grid(columns: (1fr, 1fr),
  [*■ India / भारत* \ #v(20mm) #it.chairs.at(0).name \ #stack(it.chairs.at(0).office)],
  [*□ United States / संयुक्त राज्य अमेरिका* \ #v(20mm) #it.chairs.at(1).name \ #stack(it.chairs.at(1).office)])
"""


def run(folder: Path) -> list[Bench]:
    """Both benches; the pack in a process of its own, so that its memory is its own."""
    return [record(), *pack(), from_record(folder)]


def record() -> Bench:
    """A bilingual record and the same words written by hand in Typst; every text is new in every round."""
    data = render.read("record", gallery.sample("record"))
    two = msgspec.structs.replace(data, items=data.items[:2], decisions=data.decisions[:2], actions=data.actions[:1])
    numbers = count()
    pages = render.typeset("record", two, language="both").pages

    def renewed() -> Any:
        return _renewed(msgspec.to_builtins(two), next(numbers))

    def bare(text: object) -> bytes:
        files = {"main.typ": BY_HAND.encode(), "text.json": json.dumps(text).encode()}
        return bytes(
            typst.compile(files, font_paths=fonts(), ignore_system_fonts=True, pdf_standards=["a-2b"], timestamp=0)
        )

    def ours() -> bytes:
        return render.render("record", msgspec.convert(renewed(), Record), language="both")

    taken = pairs(lambda: bare(renewed()), ours, ROUNDS, clock=processor)
    floor, whole = medians(taken, 1e3)
    return Bench(
        "papers.record",
        f"a bilingual record of {pages} pages, as PDF/A-2b, in processor time",
        cost(taken),
        2.0,
        "<=",
        "the same words written by hand in bare Typst, in the same fonts, as PDF/A-2b",
        [
            Stage("floor", floor, "ms"),
            Stage("record", whole, "ms"),
            Stage("words of the floor", _words(bare(renewed())), "words"),
            Stage("words of the record", _words(ours()), "words"),
        ],
    )


def _words(pdf: bytes) -> int:
    """How many words a PDF shows; the sign of a side, a letter in the floor and a drawing in the record, is none."""
    document = pdfium.PdfDocument(pdf)
    try:
        return sum(
            any(map(str.isalnum, word)) for page in document for word in page.get_textpage().get_text_range().split()
        )
    finally:
        document.close()


def _renewed(value: Any, number: int) -> Any:
    """`value` with `number` for the last word of every text, so that nothing can be taken from an earlier round."""
    if isinstance(value, dict):
        return {
            key: f"{each.rsplit(' ', 1)[0]} {number}" if key in ("en", "hi") else _renewed(each, number)
            for key, each in value.items()
        }
    return [_renewed(each, number) for each in value] if isinstance(value, list | tuple) else value


def pack() -> list[Bench]:
    """A pack of three hundred pages: half set from text in both languages, half put in from PDFs as received."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.papers", str(PAGES)], capture_output=True, check=True, text=True
    )
    found = json.loads(made.stdout)
    stages = [Stage("pages", found["pages"], "pages"), Stage("size of the PDF", found["bytes"] / 1e6, "MB")]
    says = f"a bilingual pack of {found['pages']} pages"
    return [
        Bench("papers.pack_time", says, found["seconds"], SECONDS, "<=", "seconds, in a new process", stages),
        Bench("papers.pack_memory", says, found["megabytes"], MEGABYTES, "<=", "megabytes at most in memory", stages),
    ]


def from_record(folder: Path) -> Bench:
    """A pack of three hundred pages as the meeting's page makes it: read from a node, with the PDFs of its papers."""
    node = making.alone(folder / "node")
    making.meeting(node, [received(PAGES // 10) for _ in range(10)])
    node.close()
    command = [sys.executable, "-m", "tests.bench.papers", "node", str(folder / "node")]
    made = subprocess.run(command, capture_output=True, check=True, text=True)
    found = json.loads(made.stdout)
    says = f"a pack of {found['pages']} pages from the record, in both languages"
    return Bench("papers.from_record", says, found["seconds"], SECONDS, "<=", "seconds, in a new process", [])


def received(pages: int) -> bytes:
    """A PDF as an office sends one."""
    body = f"#for page in range({pages}) [= Page #page \n#lorem(420) #pagebreak(weak: true)]"
    return bytes(typst.compile(body.encode(), font_paths=fonts(), ignore_system_fonts=True, timestamp=0))


def large_pack(pages: int) -> tuple[Pack, dict[str, bytes]]:
    """The pack and the PDFs that it names."""
    data = render.read("meeting-pack", gallery.sample("meeting-pack"))
    record = render.read("record", gallery.sample("record"))
    assert isinstance(data, Pack)
    assert isinstance(record, Record)
    minutes = [each for item in record.items for each in item.minutes]
    papers = [
        msgspec.structs.replace(data.papers[0], reference=f"P-{number:02}", text=tuple(minutes * 9))
        for number in range(pages // 8)
    ]
    papers.append(msgspec.structs.replace(data.papers[1], file="received.pdf"))
    return msgspec.structs.replace(data, papers=tuple(papers)), {"received.pdf": received(pages // 2)}


def main() -> None:
    """Make a pack once in this process, and say what it took."""
    if sys.argv[1] == "node":
        sys.stdout.write(json.dumps(_of_node(Path(sys.argv[2]))))
        return
    data, files = large_pack(int(sys.argv[1]))
    spent: list[render.Typeset] = []
    took = seconds(lambda: spent.append(render.typeset("meeting-pack", data, language="both", attached=files)))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"seconds": took, "megabytes": megabytes, "pages": spent[0].pages, "bytes": len(spent[0].pdf)}
    sys.stdout.write(json.dumps(found))


def _of_node(folder: Path) -> dict[str, float]:
    made: list[registry.Made] = []
    took = seconds(lambda: made.append(_asked(folder)))
    return {"seconds": took, "pages": made[0].pages or 0}


def _asked(folder: Path) -> registry.Made:
    node = Node(folder)
    node.settle()
    asking = Asking(node, Viewer(node.side, national=True), Moment())
    row, content = registry.record(asking, making.MEETING, "meeting-pack")
    made = registry.made(asking, row, content, "meeting-pack", language="both")
    node.close()
    return made


if __name__ == "__main__":
    main()
