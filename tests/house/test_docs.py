"""Documents say what is there: links lead somewhere, command lines exist, pages can be made of every declaration."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from farr.lab.desk.commands import app as lab
from farr.lab.desk.pages import pages
from farr.lab.engine.engines.named import check_engine
from farr.lab.measures.measure import Measure
from farr.lab.model.discover import discover
from farr.portal.commands import app as portal
from farr.supplier.commands import app as supplier

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMANDS = {}
for _building in (lab, supplier, portal):
    _group = typer.main.get_command(_building)
    if isinstance(_group, TyperGroup):
        _COMMANDS |= _group.commands


def command_lines() -> list[tuple[str, list[str]]]:
    """Every `farr …` line of a code block, continued lines joined, as (document, words after farr)."""
    found = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line.strip() for line in text.splitlines()]
        found += [(document.name, shlex.split(line)[1:]) for line in lines if line.startswith("farr ")]
    return found


def problem(words: list[str]) -> str | None:
    """What a user who typed this would be told, or None."""
    if words[0] == "--engine":  # the one option that comes before the command
        check_engine(words[1])
        words = words[2:]
    name, *rest = words
    command = _COMMANDS.get(name)
    if isinstance(command, TyperGroup) and rest:
        command = command.commands.get(rest.pop(0))
    if command is None:
        return f"there is no command '{name}'"
    try:
        command.make_context(name, rest)
    except Exception as error:  # typer brings its own copy of click, whose errors it does not name
        return type(error).__name__
    return None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    local = [link for link in _LINK.findall(text) if "://" not in link and not link.startswith("#")]
    assert [link for link in local if not (document.parent / link.partition("#")[0]).exists()] == []


def test_there_are_command_lines_to_look_at():
    assert {"README.md", "supplier.md", "lab.md"} <= {document for document, _ in command_lines()}


@pytest.mark.parametrize(("document", "words"), command_lines())
def test_command_lines_can_be_typed(document, words):
    assert problem(words) is None, f"{document}: farr {shlex.join(words)}"


def test_a_wrong_command_line_is_noticed():
    assert problem(["benchmark", "--organisation", "90L", "--measure", "x", "--nrom", "y"]) is not None
    assert problem(["becnhmark"]) is not None


def test_every_measure_has_a_page_with_its_worked_example():
    made = pages(ROOT / "tests" / "spec" / "measures")
    for name in discover("farr.lab.measures.definitions", Measure):
        assert "## Worked example" in made[f"measures/{name}.md"]


def test_the_glossary_is_in_order_and_says_each_word_once():
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    words = [row.casefold() for row in rows if row != "word"]
    assert len(words) > 40
    assert words == sorted(set(words))
