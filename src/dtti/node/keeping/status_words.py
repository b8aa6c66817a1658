"""How an office system stands, in lines for whoever keeps it. Knows what `status` gathers, and nothing else."""

from typing import Any

from dtti.accord.refusal import in_words
from dtti.node.line import founding

from . import status


def words(made: dict[str, Any]) -> list[str]:
    """The same, for a person at a terminal; of a node that does not open, what is amiss alone."""
    said = [
        f"{one['severity'].upper()}: {one['reason']} (rule {one['rule']}, {in_words(one)}). {one['remedy']}"
        for one in made["amiss"]
    ]
    return [*(_facts(made) if "ledgers" in made else [made["node"]]), *said]


def _facts(made: dict[str, Any]) -> list[str]:
    exchanged = made["exchange"]
    operator = " · SINGLE OPERATOR: both nodes are run by one hand" if made["single_operator"] else ""
    lines = [f"{made['name'] or made['side']} · {made['programme']} {made['environment']} · {made['node']}{operator}"]
    for name, one in made["ledgers"].items():
        if one["side"]:
            at = f", checkpoint at {one['checkpoint']['size']}" if one["checkpoint"] else ", no checkpoint yet"
            void = f", {one['void']} void" if one["void"] else ""
            lines.append(f"  {one['side']} {name:<8} {one['size']:>7} entries  root {one['root'][:16]}{at}{void}")
    if exchanged["counterpart"]:
        lines.append(
            f"  last exchange {exchanged['last'] or 'none yet'}; {exchanged['counterpart']} is known to hold "
            f"{exchanged['held_there']} of ours"
        )
        if exchanged["staged"]:
            lines.append(
                f"  an unfinished pull left {exchanged['staged']['bytes']:,} bytes from entry "
                f"{exchanged['staged']['start']} on, not yet checked; the next pull goes on from there"
            )
    else:
        lines.append("  no counterpart has joined: this side works alone")
    if made["constitution"]:
        lines.append(f"  constitution {founding.spoken(made['constitution'])}")
    keys = made["keys"]
    lines.append(
        f"  key list {keys['version']}, signatures by {made['signatures']}; rings here: {', '.join(keys['rings_here'])}"
    )
    for one in made["databases"]:
        flag = "  UNSAFE" if one["unsafe"] else ""
        lines.append(
            f"  {one['what']}: {one['engine']} {one['version']}, journal {one['journal']}, {one['synchronous']}{flag}"
        )
    if made["files"]["found_open"]:
        lines.append(
            f"  WARNING: until now others could reach {', '.join(made['files']['found_open'][: status.SHOWN])}; "
            "closed to them. Think of what these hold as read"
        )
    for side, waits in (made["waiting"] or {}).items():
        lines.append(f"  waits on {side}: {waits['count']}")
    anchor = made["anchor"]
    lines.append(f"  anchor: last {anchor['last'] or 'none'}{', due' if anchor['due'] else ''}")
    lines.append(f"  disc: {made['disc']['free'] // 1024**2:,} MiB free")
    backup = made["backup"]
    lines.append(f"  backup: last {backup['time'] if backup else 'none that this node knows of'}")
    return lines
