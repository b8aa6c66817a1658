"""Cuts the fonts of papers out of Debian's fonts-noto-core 20201225: python cut_fonts.py FROM TO (needs fonttools).

FROM is the folder of the package's TrueType files, TO is src/dtti/documents/typeset/fonts. Beside cutting, it changes
one thing in the two Devanagari fonts, which docs/decisions/0011-devanagari-face.md explains: where a mark stands far
left of the end of its letter, as over ka and pha, it takes a form whose own origin lies further right. Nothing on the
page moves; but a reader that measures gaps between glyphs, as pdftotext does, no longer sees a space inside the word.
"""

import copy
import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

LATIN = (
    "20-7E A0-17F 18F 192 1A0-1A1 1AF-1B0 1CD-1DC 1E6-1E7 1EA-1EB 1F4-1F5 1FC-1FF 200-21B 22A-233 237 259 2B9-2BC "
    "2BE-2BF 2C6-2C7 2C9 2D8-2DD 300-30C 30F 311-312 31B 323-328 32D-32E 330-331 391-3A1 3A3-3A9 3B1-3C9 1E00-1EF9 "
    "2000-200B 2010-2015 2017-201E 2020-2022 2026 202F 2030 2032-2033 2039-203A 203C 2044 205E 2060 2070 2074-208E "
    "20A8 20AC 20B9 20BF 2116 2117 2120 2122 2126 212A-212B 2150-215F FB00-FB04 FFFD"
)
DEVANAGARI = "20 2D A0 900-97F 1CD0-1CF9 200B-200D 2010-2015 2018-201E 2026 20A8 20B9 25CC A830-A839 A8E0-A8FB"
MATHS = "2190-2199 21D0-21D4 2200-2265 2282-2287 22A5 27E8-27E9 25B3 25B7 25AF"
SYMBOLS = "25A0-25FF 2610-2612 2605-2606 2713-2718 2690-2691 260E 2709"
KEPT = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "liga", "case", "sups"]

CUTS = {
    **dict.fromkeys(
        ("NotoSerif-Regular", "NotoSerif-Bold", "NotoSerif-Italic", "NotoSans-Regular", "NotoSans-Bold"), (LATIN, KEPT)
    ),
    **dict.fromkeys(("NotoSansDevanagari-Regular", "NotoSansDevanagari-Bold"), (DEVANAGARI, ["*"])),
    "NotoSansMath-Regular": (MATHS, []),
    "NotoSansSymbols2-Regular": (SYMBOLS, []),
}
STEP, BEARABLE = 100, 50  # in thousandths of the size: pdftotext sees a space from 100 on


def code_points(ranges: str) -> set[int]:
    """The code points of "20-7E A0"."""
    ends = (each.split("-") for each in ranges.split())
    return {point for pair in ends for point in range(int(pair[0], 16), int(pair[-1], 16) + 1)}


def attachments(font: TTFont) -> list:
    """Every subtable that sets a mark on a base."""
    found = []
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = table.ExtSubTable if table.LookupType == 9 else table
            if table.LookupType == 4:
                found.append(table)
    return found


def gaps(font: TTFont) -> dict[tuple[str, str], int]:
    """For each base and mark: how far left of the base's end the pen is when the mark has been drawn."""
    found = {}
    for table in attachments(font):
        for base, record in zip(table.BaseCoverage.glyphs, table.BaseArray.BaseRecord, strict=True):
            for mark, held in zip(table.MarkCoverage.glyphs, table.MarkArray.MarkRecord, strict=True):
                anchor = record.BaseAnchor[held.Class]
                if anchor is not None:
                    end = anchor.XCoordinate - held.MarkAnchor.XCoordinate + font["hmtx"][mark][0]
                    found[base, mark] = font["hmtx"][base][0] - end
    return found


def moved(font: TTFont, mark: str, by: int) -> str:
    """A copy of the glyph `mark` that looks the same from an origin `by` further right; its name."""
    name = f"{mark}.from{by}"
    glyph = copy.deepcopy(font["glyf"][mark])
    if glyph.isComposite():
        for part in glyph.components:
            part.x -= by
    elif glyph.numberOfContours > 0:
        glyph.coordinates.translate((-by, 0))
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"].metrics[name] = (font["hmtx"][mark][0], getattr(glyph, "xMin", 0))
    font["GDEF"].table.GlyphClassDef.classDefs[name] = 3
    for table in attachments(font):
        if mark in table.MarkCoverage.glyphs:
            record = copy.deepcopy(table.MarkArray.MarkRecord[table.MarkCoverage.glyphs.index(mark)])
            record.MarkAnchor.XCoordinate -= by
            record.MarkAnchor.Format = 1
            table.MarkCoverage.glyphs.append(name)
            table.MarkArray.MarkRecord.append(record)
    return name


def coverage(font: TTFont, glyphs: set[str]) -> otTables.Coverage:
    """A coverage table, in the order of the font."""
    made = otTables.Coverage()
    made.glyphs = sorted(glyphs, key=font.getGlyphID)
    return made


def close_up(font: TTFont) -> int:
    """Give marks the forms that leave no gap at the end of a word's syllable; how many forms were made."""
    wanted: dict[tuple[int, str], set[str]] = {}
    for (base, mark), gap in gaps(font).items():
        if gap > BEARABLE:
            wanted.setdefault((round(gap / STEP) * STEP or STEP, mark), set()).add(base)
    groups: dict[tuple[int, frozenset[str]], list[str]] = {}
    for (by, mark), bases in wanted.items():
        groups.setdefault((by, frozenset(bases)), []).append(mark)
    forms = {each: moved(font, each[1], each[0]) for each in sorted(wanted)}
    for table in attachments(font):  # coverage must follow the order of the glyphs
        pairs = sorted(
            zip(table.MarkCoverage.glyphs, table.MarkArray.MarkRecord, strict=True),
            key=lambda pair: font.getGlyphID(pair[0]),
        )
        table.MarkCoverage.glyphs = [glyph for glyph, _ in pairs]
        table.MarkArray.MarkRecord = [record for _, record in pairs]
    marks = {mark for _, mark in wanted} | set(forms.values())
    gsub = font["GSUB"].table
    lookups = gsub.LookupList.Lookup
    chain = otTables.Lookup()
    chain.LookupType, chain.LookupFlag, chain.SubTable = 6, 0, []
    singles = []
    for by in sorted({by for by, _ in wanted}):
        single = otTables.SingleSubst()
        single.mapping = {mark: form for (at, mark), form in forms.items() if at == by}
        held = otTables.Lookup()
        held.LookupType, held.LookupFlag, held.SubTable, held.SubTableCount = 1, 0, [single], 1
        singles.append((by, len(lookups) + len(singles), held))
    index = {by: at for by, at, _ in singles}
    for depth in (2, 1):
        for (by, bases), given in sorted(groups.items(), key=lambda item: (item[0][0], sorted(item[1]))):
            rule = otTables.ChainContextSubst()
            rule.Format = 3
            between = [coverage(font, marks)] if depth == 2 else []
            rule.BacktrackCoverage = [*between, coverage(font, set(bases))]
            rule.BacktrackGlyphCount = depth
            rule.InputCoverage, rule.InputGlyphCount = [coverage(font, set(given))], 1
            rule.LookAheadCoverage, rule.LookAheadGlyphCount = [], 0
            record = otTables.SubstLookupRecord()
            record.SequenceIndex, record.LookupListIndex = 0, index[by]
            rule.SubstLookupRecord, rule.SubstCount = [record], 1
            chain.SubTable.append(rule)
    chain.SubTableCount = len(chain.SubTable)
    lookups += [held for _, _, held in singles]
    lookups.append(chain)
    gsub.LookupList.LookupCount = len(lookups)
    for feature in gsub.FeatureList.FeatureRecord:
        if feature.FeatureTag == "psts":
            feature.Feature.LookupListIndex.append(len(lookups) - 1)
            feature.Feature.LookupCount = len(feature.Feature.LookupListIndex)
    return len(forms)


def covered(folder: Path) -> list[list[int]]:
    """Ranges of characters that papers can show in either face and either weight."""
    held = {each.stem: {point for point in TTFont(each).getBestCmap() if point >= 32} for each in folder.glob("*.ttf")}
    signs = held["NotoSansMath-Regular"] | held["NotoSansSymbols2-Regular"]
    stacks = [
        held[f"Noto{face}-{weight}"] | held[f"NotoSansDevanagari-{weight}"] | signs
        for face in ("Serif", "Sans")
        for weight in ("Regular", "Bold")
    ]
    ranges: list[list[int]] = []
    for point in sorted(set.intersection(*stacks)):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return ranges


def main(source: Path, target: Path) -> None:
    """Cut every font, and write down what they can show."""
    for name, (ranges, features) in CUTS.items():
        options = subset.Options(hinting=False, layout_features=features, notdef_outline=True, glyph_names=False)
        font = subset.load_font(source / f"{name}.ttf", options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=code_points(ranges))
        cutter.subset(font)
        made = close_up(font) if "Devanagari" in name else 0
        subset.save_font(font, target / f"{name}.ttf", options)
        sys.stdout.write(f"{name}: {(target / f'{name}.ttf').stat().st_size} bytes, {made} forms added\n")
    (target / "coverage.json").write_text(json.dumps(covered(target)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
