"""Whose the schemas are that a restore fills in PostgreSQL: a comment on each, a file in the folder. Knows no rows.

Both hold one token. The comment says `FILLING` until all is in, then `WHOLE`, and only then does the folder get its
name. So schemas that are `FILLING` belong to no folder that stands, and are taken out by whoever restores into them
next; those that are `WHOLE` may belong to one, wherever it was moved to, and are left alone. The restore itself, or
whoever opens the folder next, takes comment and file away.
"""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from dtti.ledger import outside
from dtti.ledger.engine import Away

from .config import Config
from .files import WORK, replace

FILE: Final = "claim"
FILLING: Final = "dtti restore, not yet to the end"
WHOLE: Final = "dtti restore, all is in"
_LARGEST = 4096


class Claim(msgspec.Struct, frozen=True):
    """What the comment on a schema says: by which token, for which folder. Former versions named neither."""

    whole: bool
    token: str = ""
    folder: str = ""


def begin(folder: Path) -> str:
    """Write a new token into the folder that is being made; returns it."""
    made = secrets.token_hex(16)
    replace(folder / FILE, made.encode())
    return made


def token(folder: Path) -> str:
    """The token in a folder; empty where there is none."""
    try:
        return outside.read(folder / FILE, _LARGEST).decode("ascii", "replace").strip()
    except OSError:
        return ""


def begun(folder: Path) -> set[str]:
    """Tokens of folders that were being made in `folder` by a process that died: none of them got its name."""
    return {token(path.parent) for path in folder.glob(f".*{WORK}/*/{FILE}")} - {""}


def schemas(schema: str) -> list[str]:
    """The schemas that are claimed."""
    return [f"{schema}_ledger", f"{schema}_accounts"]


def read(connection: Any, names: Sequence[str]) -> dict[str, Claim]:
    """Which of these schemas are claimed, and by whom."""
    asked = "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = ANY(%s)"
    found = {}
    for name, said in connection.execute(asked, (list(names),)):
        for words in (FILLING, WHOLE):
            if said and said.startswith(words):
                try:
                    given = json.loads(said.removeprefix(words) or "{}")
                    found[name] = msgspec.convert(given | {"whole": words == WHOLE}, Claim)
                except (ValueError, TypeError):  # somebody wrote there: whose it is, is not known
                    found[name] = Claim(words == WHOLE)
    return found


def write(connection: Any, name: str, claim: Claim | None) -> None:
    """Say on a schema whose it is; nothing where that is nobody's business any more."""
    from psycopg import sql

    held = sql.SQL("NULL")
    if claim is not None:
        # As ASCII: a path may hold what neither the database nor UTF-8 can.
        said = json.dumps({"token": claim.token, "folder": claim.folder})
        held = sql.Literal(f"{WHOLE if claim.whole else FILLING} {said}")  # type: ignore[assignment]
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(name), held))


def settle(folder: Path, config: Config) -> None:
    """End the claim of a restored node whose folder stands; Away where its database does not answer."""
    held = token(folder)
    if not held:
        return
    if config.database:
        import psycopg

        names = schemas(config.schema)
        try:
            with psycopg.connect(config.database, autocommit=True) as connection:
                mine = {name: one for name, one in read(connection, names).items() if one.token == held}
                if any(not one.whole for one in mine.values()):
                    return  # it is being filled now
                for name in mine:
                    write(connection, name, None)
        except psycopg.Error as error:
            raise Away(
                f"the database of this restored node does not say that it is its own: {str(error).strip()}; nothing "
                "was changed; look at the server, and try again"
            ) from None
    (folder / FILE).unlink(missing_ok=True)
