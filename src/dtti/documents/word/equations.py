"""An equation of a Word file (ECMA-376 Part 1, 22.1) as signs in one line, so that none of it is lost.

A fraction is (a)/(b), a power a^(b), an index a_(b), a root √(a): enough to see that an equation changed. What it
looks like is to be seen in the file, and a comparison says so.
"""

from lxml import etree

from .remarks import q

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def m(tag: str) -> str:
    """A tag of the namespace of equations."""
    return f"{{{MATH}}}{tag}"


EQUATIONS = (m("oMath"), m("oMathPara"))


def line_of(each: etree._Element) -> str:
    """All signs of an equation or a part of one; what is struck out with tracking left out."""
    if each.tag in (q("del"), q("moveFrom")) or each.tag == m("ctrlPr"):
        return ""
    if each.tag in (m("t"), q("t")):
        return each.text or ""

    def part(name: str) -> str:
        return "".join(line_of(one) for one in each.iterfind(m(name)))

    def property_of(name: str, otherwise: str) -> str:
        held = each.find(f"{m(etree.QName(each).localname + 'Pr')}/{m(name)}")
        return otherwise if held is None else held.get(m("val"), "")

    match etree.QName(each).localname if each.tag.startswith(f"{{{MATH}}}") else "":
        case "f":
            return f"({part('num')})/({part('den')})"
        case "sSup" | "sSub" | "sSubSup" | "sPre" | "limLow" | "limUpp" | "nary":
            sign = property_of("chr", "∫") if each.tag == m("nary") else ""
            below, above = part("sub") or part("lim"), part("sup")
            return (
                sign + (part("e") if not sign else "") + _at("_", below) + _at("^", above) + (part("e") if sign else "")
            )
        case "rad":
            return f"{part('deg')}√({part('e')})"
        case "d":
            inner = property_of("sepChr", "|").join(line_of(one) for one in each.iterfind(m("e")))
            return f"{property_of('begChr', '(')}{inner}{property_of('endChr', ')')}"
        case "m" | "eqArr":
            return "; ".join(line_of(one) for one in each if one.tag in (m("mr"), m("e")))
        case "mr":
            return ", ".join(line_of(one) for one in each)
    return "".join(line_of(one) for one in each)


def _at(sign: str, text: str) -> str:
    return f"{sign}({text})" if text else ""
