"""What a reader sees and what is read are one, or the difference is said: hidden, struck, drawn, worked out."""

import json

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from dtti.accord.refusal import Refused
from dtti.cli import papers_word
from dtti.documents.word.equations import line_of
from dtti.documents.word.looks import sign_of
from dtti.papers.negotiated import compare
from tests.papers.cases import SAMPLES, case

from .making import changed, sample
from .test_tracked import BY, EN, run, within

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
UNSEEN = "No change of words, but the file does not show what was sent: see the notes."

app = typer.Typer()
papers_word.add(app)


def answered(file, against=SAMPLES / "instrument.json", *more):
    done = CliRunner().invoke(app, ["compare", str(file), "--against", str(against), *more])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def compared(tmp_path):
    def go(data):
        (tmp_path / "text.json").write_bytes(msgspec.json.encode(sample()))
        (tmp_path / "back.docx").write_bytes(data)
        return answered(tmp_path / "back.docx", tmp_path / "text.json")

    return go


def put(middle, old="30 days"):
    return changed(EN, within(old, middle))


def looking(properties, text="30 days"):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize(
    ("properties", "note"),
    [
        ("<w:vanish/>", "Hidden words, which a reader of the file does not see: 1 (“30 days”)."),
        ('<w:vanish w:val="true"/>', "Hidden words"),
        ('<w:color w:val="FFFFFF"/>', "Words in the colour of the paper, or too small to be read: 1 (“30 days”)."),
        ('<w:color w:val="fdfdfd"/>', "Words in the colour of the paper"),
        ('<w:color w:val="000000"/><w:highlight w:val="black"/>', "Words in the colour of the paper"),
        ('<w:sz w:val="2"/>', "Words in the colour of the paper, or too small"),
        ("<w:strike/>", "Words struck by format and not by Track Changes: 1 (“30 days”)."),
        ("<w:dstrike/>", "Words struck by format"),
        ('<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>', "Words in a font of signs"),
    ],
)
def test_words_that_are_not_seen_as_they_are_read_are_said(compared, properties, note):
    code, said, _ = compared(put(looking(properties)))
    assert (code, said.splitlines()[0]) == (0, UNSEEN)
    assert f"Note: {note}" in said


@pytest.mark.parametrize(
    "properties",
    ['<w:vanish w:val="0"/>', '<w:strike w:val="false"/>', '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>'],
)
def test_words_that_are_seen_are_not_said(compared, properties):
    assert compared(put(looking(properties)))[1] == "No change: the file says what was sent.\n"


@pytest.mark.parametrize("kind", ["character", "paragraph"])
def test_words_hidden_by_a_style_or_by_what_it_is_based_on_are_said(compared, kind):
    base = '<w:style w:type="{}" w:styleId="Base"><w:name w:val="base"/><w:rPr><w:vanish/></w:rPr></w:style>'
    style = '<w:style w:type="{}" w:styleId="Mine"><w:name w:val="mine"/><w:basedOn w:val="Base"/></w:style>'
    styles = (base + style).format(kind, kind)
    data = changed(EN, ("</w:styles>", f"{styles}</w:styles>"), part="word/styles.xml")
    if kind == "character":
        data = changed(data, within("30 days", looking('<w:rStyle w:val="Mine"/>')))
    else:
        data = changed(data, ('<w:pStyle w:val="DTTIClause2"/>', '<w:pStyle w:val="Mine"/>'))
    assert compared(data)[1].splitlines()[0] == UNSEEN


def test_hidden_rows_are_said(compared):
    data = changed(EN, ("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>"))
    assert compared(data)[1].splitlines()[0] == UNSEEN


@pytest.mark.parametrize(
    ("equation", "line"),
    [
        ("<m:r><m:t>n=12</m:t></m:r>", "n=12"),
        ("<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>", "(1)/(2)"),
        ("<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup>", "10^(3)"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:rad>", "√(x)"),
        ("<m:d><m:e><m:r><m:t>a</m:t></m:r></m:e></m:d>", "(a)"),
        (f"<w:ins {BY}><m:r><m:t>7</m:t></m:r></w:ins>", "7"),
    ],
)
def test_an_equation_is_a_change_that_shows_its_signs(compared, equation, line):
    data = put(run("30 days") + f"<m:oMath {MATH}>{equation}</m:oMath>")
    code, said, _ = compared(data)
    assert (code, said.splitlines()[0]) == (0, "Changes to confirm: 1. None is applied.")
    (change,) = compare(sample(), data).changes
    assert "".join(part.text for part in change.added).replace("days", "").strip() == line
    assert f"Note: Equations in the file: 1 (“{line}”)." in said


def test_parts_of_an_equation_that_are_not_known_lose_no_sign():
    from lxml import etree

    made = f"<m:oMath {MATH}><m:groupChr><m:e><m:r><m:t>ab</m:t></m:r></m:e></m:groupChr></m:oMath>"
    assert line_of(etree.fromstring(made)) == "ab"


def alternate(choice, fallback, needs="w14"):
    return (
        f'<mc:AlternateContent {MC} {W14} xmlns:odd="urn:odd"><mc:Choice Requires="{needs}">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


@pytest.mark.parametrize("within_run", [True, False])
def test_a_word_in_alternate_content_is_a_change(within_run):
    inside = alternate(*(["<w:t>no </w:t>"] * 2)) if within_run else alternate(*([run("no ")] * 2))
    data = put((f"<w:r>{inside}</w:r>" if within_run else inside) + run("30 days"))
    found = compare(sample(), data)
    assert [part.text.strip() for change in found.changes for part in change.added] == ["no"]
    assert not [each for each in found.warnings if "other programs" in each.en]


def test_a_word_that_other_programs_show_otherwise_is_said(compared):
    data = put(alternate(run("30 days"), run("90 days")))
    assert "Note: Words that other programs show in place of those read here: 1 (“90 days”)." in compared(data)[1]
    old = put(alternate(run("90 days"), run("30 days"), needs="odd"))
    assert compare(sample(), old).changes == ()
    assert compared(old)[1].splitlines()[0] == UNSEEN


def test_words_above_words_are_read(compared):
    ruby = f"<w:r><w:ruby><w:rt>{run('not')}</w:rt><w:rubyBase>{run('30 days')}</w:rubyBase></w:ruby></w:r>"
    (change,) = compare(sample(), put(ruby)).changes
    assert change.added[0].text.strip() == "(not)"


def test_words_in_a_text_box_are_said(compared):
    shape = f"<w:txbxContent><w:p>{run('not')}</w:p></w:txbxContent>"
    vml = "urn:schemas-microsoft-com:vml"
    box = f"<w:r><w:pict><v:shape xmlns:v='{vml}'><v:textbox>{shape}</v:textbox></v:shape></w:pict></w:r>"
    _, said, _ = compared(put(run("30 days") + box))
    assert said.splitlines()[0] == UNSEEN
    assert "such as text boxes: 1 (“not”)" in said


@pytest.mark.parametrize(
    ("font", "code", "sign"),
    [
        ("Symbol", "F0B3", "≥"),
        ("Symbol", "F061", "α"),
        ("symbol", "B1", "±"),
        ("Wingdings", "F0FC", "✓"),
        ("Cambria", "20B9", "₹"),
        ("Wingdings", "F001", ""),
        ("Odd Signs", "F0B3", ""),
        ("Webdings", "0041", ""),
        ("Symbol", "zz", ""),
    ],
)
def test_a_sign_of_a_symbol_font_is_the_real_one_or_none(font, code, sign):
    assert sign_of(font, code) == sign
    data = put(f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>' + run("30 days"))
    if sign:
        (change,) = compare(sample(), data).changes
        assert change.added[0].text.strip().removesuffix("30") == sign
    else:
        with pytest.raises(Refused, match="word-symbol"):
            compare(sample(), data)


@pytest.mark.parametrize("mark", ["begin", "begin separate"])
def test_a_field_without_end_is_refused(compared, mark):
    open_ = "".join(f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in mark.split())
    code, _, wrong = compared(put(open_ + run("30 days")))
    assert code == 1
    assert "holds a field without end" in wrong
    assert "rule: word-field-end" in wrong


def test_a_field_that_shows_what_is_worked_out_later_is_said(compared):
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> EQ \\f(1,2) </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert (
        "Note: Fields that show what each program works out for itself: 1" in compared(put(run("30 days") + field))[1]
    )


@pytest.mark.parametrize("level", ["inline", "block"])
def test_what_an_empty_content_control_asks_for_is_no_text(compared, level):
    prompt = run("Click or tap here to enter text.")
    inner = prompt if level == "inline" else f"<w:p>{prompt}</w:p>"
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    data = put(run("30 days") + control) if level == "inline" else changed(EN, ("<w:sectPr", control + "<w:sectPr"))
    _, said, _ = compared(data)
    assert said.splitlines()[0] == "No change: the file says what was sent."
    assert "Content controls that nobody has filled in: 1 (“Click or tap here to enter text.”)" in said


def test_a_paragraph_split_in_two_is_said_in_words(compared):
    data = changed(EN, within("30 days", run("30 days") + '</w:p><w:p><w:pPr><w:pStyle w:val="DTTIClause2"/></w:pPr>'))
    said = compared(data)[1]
    assert "{+end of paragraph+}" in said
    assert "{++}" not in said


CASES = {
    "word/w01": "{+within n=12 months+}",
    "word/w01b": "{+n=12+}",
    "word/w02": "{+no+}",
    "word/w04": "Hidden words, which a reader of the file does not see: 1 (“two prototypes”)",
    "word/w05b": "Words struck by format and not by Track Changes: 1 (“two prototypes”)",
    "word/w06": "{+≥ 2+}",
    "word/w12": "{+end of paragraph+}",
    "word/w14": "No change: the file says what was sent.",
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_on_which_this_once_went_wrong(name):
    code, said, _ = answered(case(name))
    assert code == 0
    assert CASES[name] in said


def test_the_field_without_end_on_which_this_once_went_wrong():
    assert "rule: word-field-end" in answered(case("word/w08"))[2]


def test_json_says_that_the_file_is_not_the_same(tmp_path):
    (tmp_path / "text.json").write_bytes(msgspec.json.encode(sample()))
    (tmp_path / "back.docx").write_bytes(put(looking("<w:vanish/>")))
    said = answered(tmp_path / "back.docx", tmp_path / "text.json", "--json")[1]
    assert (json.loads(said)["same"], "changes" in json.loads(said)) == (False, False)
