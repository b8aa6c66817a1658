"""What an Office file may not carry: macros, controls, files inside it, anything from outside. Opens nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dtti.accord.refusal import Refused, refuse


@dataclass(frozen=True)
class Relationship:
    """One line of a part's `.rels`: its type's last word (`comments`, `hyperlink`), and the part it leads to.

    `target` is a part's name, or an address where `external` (only hyperlinks are let in).
    """

    id: str
    type: str
    target: str
    external: bool = False


_MACRO = re.compile(r"(?i)(^|/)(vbaproject\w*\.bin|vbadata\.xml|activex/.*|macrosheets/.*|dialogsheets/.*)$")
_EMBEDDED = re.compile(r"(?i)(^|/)(embeddings/.*|.*\.(exe|dll|js|vbs|hta|lnk|bat|cmd|ps1|swf|chm|msi|scr))$")


def look_at_parts(names: Iterable[str], types: Iterable[str], name: str) -> None:
    """Refuse a file by the names of its parts and their content types (in lower case)."""
    macro = next((part for part in names if _MACRO.search(part)), "")
    if macro or any(word in each for each in types for word in ("macroenabled", "vbaproject", "activex")):
        raise _no(
            "package-macro",
            f"{name} carries macros or controls{f' ({macro})' if macro else ''}",
            "Save it without macros, as .docx or .xlsx, and send that.",
        )
    embedded = next((part for part in names if _EMBEDDED.search(part)), "")
    if embedded:
        raise _no(
            "package-embedded",
            f"{name} carries another file inside itself ({embedded})",
            "Take the embedded object out, and send what it holds as a file of its own.",
        )


def look_at_relationship(one: Relationship, rels: str, name: str) -> None:
    """Refuse one line of a `.rels` part that leads to what runs, is embedded, or is fetched from elsewhere."""
    if one.type.lower() in (
        "vbaproject",
        "wordvbadata",
        "control",
        "activexcontrolbinary",
        "xlmacrosheet",
        "xlintlmacrosheet",
    ):
        raise _no(
            "package-macro", f"{name} carries macros or controls ({rels})", "Save it without macros and send that."
        )
    if one.type.lower() in ("oleobject", "package", "afchunk", "subdocument"):
        raise _no(
            "package-embedded",
            f"{name} carries another file inside itself ({rels}: {one.type})",
            "Take the embedded object out, and send what it holds as a file of its own.",
        )
    if one.external and one.type.lower() != "hyperlink":
        template = one.type.lower() == "attachedtemplate"
        raise _no(
            "package-external",
            f"{name} would fetch {one.target[:120]!r} from elsewhere when it is opened ({one.type} in {rels})",
            "In Word: Developer, Document Template, choose Normal, and save."
            if template
            else "Break the link, so that the file holds what it shows, and save.",
        )


def _no(rule: str, reason: str, remedy: str) -> Refused:
    return Refused(refuse(rule, reason, remedy))
