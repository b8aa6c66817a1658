"""docs/commands.md and docs/settings.md list every command, option, setting and variable, and nothing else."""

import re

import msgspec
import pytest
import typer.main

from dtti.cli import check, commands, serve
from dtti.node.folder.config import Config
from tests.conftest import ROOT

COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
EVERYWHERE = {"--node", "--json", "--help", "-h"}
PASSED_ON = {"dtti demo": {"--dir", "--no-serve", "--port"}}  # read by the demonstration itself


def offered() -> dict[str, tuple[set[str], set[str]]]:
    """Every command's options and arguments, as the commands themselves declare them."""
    found: dict[str, tuple[set[str], set[str]]] = {}

    def walk(command: object, name: str) -> None:
        inner = getattr(command, "commands", None)
        if inner:
            for key, each in inner.items():
                walk(each, f"{name} {key}")
            return
        options, arguments = set(PASSED_ON.get(name, ())), set()
        for one in command.params:  # type: ignore[attr-defined]
            if one.param_type_name == "argument":
                arguments.add((one.metavar or one.name.upper()).strip("[]"))
            else:
                options |= {*one.opts, *one.secondary_opts}
        found[name] = options, arguments

    walk(typer.main.get_command(commands.app), "dtti")
    quick = check._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for name, parser in (quick | {"serve": serve.parser()}).items():
        options = {each for one in parser._actions for each in one.option_strings}
        found[f"dtti {name}"] = options, {one.metavar for one in parser._actions if not one.option_strings}
    return found


def documented() -> dict[str, tuple[str, set[str], set[str]]]:
    """Every command's section: its words, and the options and arguments of its table."""
    found = {}
    for section in re.split(r"^### ", COMMANDS, flags=re.MULTILINE)[1:]:
        name, _, rest = section.partition("\n")
        words = rest.split("\n\n")[0]
        cells = [row.split("|")[1] for row in rest.splitlines() if row.startswith("| `")]
        named = [each.split(" ")[0] for cell in cells for each in re.findall(r"`([^`]+)`", cell)]
        options = {each for each in named if each.startswith("-")}
        found[name] = words, options, set(named) - options
    return found


def test_every_command_is_documented_and_no_other():
    assert set(documented()) == set(offered())


@pytest.mark.parametrize("name", sorted(offered()))
def test_every_option_and_argument_is_documented_and_no_other(name: str):
    words, options, arguments = documented()[name]
    own, given = offered()[name]
    assert words.strip()
    assert options - EVERYWHERE == own - EVERYWHERE
    assert arguments == given


def test_what_all_commands_take_is_said_once():
    table = COMMANDS.split("## ")[0]
    assert set(re.findall(r"`(--?[a-z]+)", table)) >= EVERYWHERE


@pytest.mark.parametrize("name", sorted(name for name in offered() if name not in PASSED_ON))
def test_whatever_reports_can_do_so_in_json(name: str):
    options, _ = offered()[name]
    assert ("--json" in options) == (name != "dtti serve")


def settings_table(heading: str) -> dict[str, list[str]]:
    """Rows of the table under a heading, by the name in their first cell."""
    part = SETTINGS.split(heading)[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in part.splitlines() if row.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def shown(default: object) -> str:
    """A default as node.toml would have it; of a table its members."""
    if isinstance(default, msgspec.Struct):
        return ", ".join(f"{name} = {shown(value)}" for name, value in msgspec.structs.asdict(default).items())
    if isinstance(default, tuple):
        return f"[{', '.join(map(shown, default))}]"
    return str(default).lower() if isinstance(default, bool | int) else f'"{default}"'


def test_every_setting_is_documented_with_its_default_and_no_other():
    table = settings_table("# Settings")
    assert list(table) == list(Config.__struct_fields__)
    defaults = dict(zip(Config.__struct_fields__[1:], Config.__struct_defaults__, strict=True))
    for name, (default, words) in table.items():
        assert words
        if name in defaults:
            assert default == f"`{shown(defaults[name])}`"
        else:
            assert default == ""


def test_every_variable_of_the_environment_is_documented_and_no_other():
    modules = [path for path in (ROOT / "src" / "dtti").rglob("*.py") if "demo" not in path.parts]
    used = {name for path in modules for name in re.findall(r"\bDTTI_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    assert set(settings_table("## The environment")) == used


def test_what_the_folder_holds_is_documented(pair):
    pair.close()
    named = {each for row in SETTINGS.split("## The folder")[1].splitlines() for each in re.findall(r"`([^`]+)`", row)}
    held = {path.relative_to(pair.ind.folder).as_posix() for path in pair.ind.folder.rglob("*") if path.is_file()}
    assert {re.sub(r"-(wal|shm)$", "", each) for each in held} <= named
