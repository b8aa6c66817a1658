"""LibreOffice at work on a file, by a macro of its own language, as an official would: find, replace, delete, move."""

import os
import signal
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Desk"/></library:library>"""

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Desk" script:language="StarBasic">{}
</script:module>"""

_FRAME = """
Function Prop(n, v)
  Dim p As New com.sun.star.beans.PropertyValue
  p.Name = n
  p.Value = v
  Prop = p
End Function

Function Found(d, s)
  Dim q
  q = d.createSearchDescriptor()
  q.SearchString = s
  q.SearchCaseSensitive = True
  Found = d.findFirst(q)
End Function

Sub Change(d, a, b)
  Found(d, a).setString(b)
End Sub

Sub Note(d, a, s)
  Dim f, n
  f = d.createInstance("com.sun.star.text.textfield.Annotation")
  f.Content = s
  f.Author = "C. Reader"
  n = Found(d, a)
  n.getText().insertTextContent(n, f, True)
End Sub

Sub RemoveParagraph(d, a)
  Dim c
  c = Found(d, a).getText().createTextCursorByRange(Found(d, a))
  c.gotoStartOfParagraph(False)
  c.gotoEndOfParagraph(True)
  c.goRight(1, True)
  c.setString("")
End Sub

Sub NewParagraph(d, a, s)
  Dim c
  c = Found(d, a).getText().createTextCursorByRange(Found(d, a))
  c.gotoEndOfParagraph(False)
  d.getText().insertControlCharacter(c, 0, False)
  c.setString(s)
End Sub

Sub Paragraphs(d, a, z, target)
  ' Cuts the paragraphs from the one that holds a to the one that holds z, and pastes them before target, as by hand.
  Dim v, c, e, h
  v = d.getCurrentController()
  h = createUnoService("com.sun.star.frame.DispatchHelper")
  c = d.getText().createTextCursorByRange(Found(d, a))
  c.gotoStartOfParagraph(False)
  e = d.getText().createTextCursorByRange(Found(d, z))
  e.gotoEndOfParagraph(False)
  e.goRight(1, False)
  c.gotoRange(e, True)
  v.select(c)
  h.executeDispatch(v.getFrame(), ".uno:Cut", "", 0, Array())
  c = d.getText().createTextCursorByRange(Found(d, target))
  c.gotoStartOfParagraph(False)
  v.select(c)
  h.executeDispatch(v.getFrame(), ".uno:Paste", "", 0, Array())
End Sub

Sub Main
  Dim d
  On Error Goto Bad
  d = StarDesktop.loadComponentFromURL("file://@IN@", "_blank", 0, Array(Prop("Hidden", @HIDDEN@)))
  d.RecordChanges = @TRACK@
@WORK@
  d.storeToURL("file://@OUT@", Array(Prop("FilterName", "MS Word 2007 XML")))
  d.close(True)
  StarDesktop.terminate()
  Exit Sub
Bad:
  Open "@OUT@.error" For Output As #1
  Print #1, Error$ & " in line " & Erl
  Close #1
  StarDesktop.terminate()
End Sub
"""


def edited(folder: Path, data: bytes, work: str, *, track: bool = False, hidden: bool = True) -> bytes:
    """The file after LibreOffice opened it, did `work` (lines of Basic on the document `d`), and saved it as .docx."""
    profile, source, target = folder / "profile", folder / "in.docx", folder / "out.docx"
    source.write_bytes(data)
    error = Path(f"{target}.error")
    for each in (target, error):
        each.unlink(missing_ok=True)
    basic = profile / "user" / "basic"
    if not basic.is_dir():  # a first start would write over what it finds here
        _office(profile, "--terminate_after_init")
    (basic / "Standard" / "script.xlb").write_text(_LIBRARY)
    macro = _FRAME.replace("@IN@", str(source)).replace("@OUT@", str(target)).replace("@WORK@", work)
    macro = macro.replace("@TRACK@", str(track)).replace("@HIDDEN@", str(hidden))
    (basic / "Standard" / "Desk.xba").write_text(_MODULE.format(escape(macro)), encoding="utf-8")
    _office(profile, "macro:///Standard.Desk.Main")
    assert not error.exists(), error.read_text()
    return target.read_bytes()


def converted(folder: Path, data: bytes, kind: str) -> bytes:
    """The file as LibreOffice converts it to another kind (`pdf`, `odt`)."""
    source = folder / "in.docx"
    source.write_bytes(data)
    _office(folder / "profile", "--convert-to", kind, "--outdir", str(folder), str(source))
    return (folder / f"in.{kind}").read_bytes()


def _office(profile: Path, *arguments: str) -> None:
    command = ["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}"]
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as office:
        try:
            office.wait(120)
        except subprocess.TimeoutExpired:
            os.killpg(office.pid, signal.SIGKILL)
            raise
