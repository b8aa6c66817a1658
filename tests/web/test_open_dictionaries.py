"""What pages hand on has types: an open dictionary stands only where a library or a file has no other."""

from pathlib import Path

from dtti import web

MOST = 20  # such as what a middleware is handed, a status as it is gathered, a form as it was typed


def test_few_places_of_the_pages_pass_on_a_dictionary_of_anything() -> None:
    folder = Path(web.__file__).parent
    found = {path.name: path.read_text().count("dict[str, Any]") for path in folder.rglob("*.py")}
    assert sum(found.values()) < MOST, {name: count for name, count in found.items() if count}
