"""A home in which packs can be made without records: its desk answers with benchmarks of ten made-up places."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.commands.packs import app
from farr.lab.desk.desk import Desk
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.released import Released, release_id
from farr.lab.measures.measure import Measure
from farr.lab.model.discover import discover

ANALYST, REVIEWER = "A. Analyst", "B. Reviewer"
MEASURES = ("emergency_admissions", "length_of_stay")


def _numbered(released: Released | None) -> Released | None:
    """With the id that its content gives it: those of the shared fixtures are all alike."""
    if released is None:
        return None
    return Released(manifest=replace(released.manifest, release_id=release_id(released.manifest)), table=released.table, mint=MINT)


@pytest.fixture
def answer(make):
    """A benchmark as a desk would give it, of a registered measure; keywords as for `make`."""

    def made(measure: str, **how: Any) -> Benchmark:
        found = make(**how)
        known = discover("farr.lab.measures.definitions", Measure)[measure]
        return replace(
            found,
            measure=known,
            rows=_numbered(found.rows),
            trend=_numbered(found.trend),
            completeness=_numbered(found.completeness),
        )

    return made


@dataclass(frozen=True, kw_only=True)
class Works:
    """A home, its people's keys and the command that works in it."""

    home: Path

    def key(self, name: str) -> Path:
        return self.home.parent / f"{name[0].lower()}.pem"

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(app, [*map(str, words), "--home", str(self.home)], env={"COLUMNS": "200", "NO_COLOR": "1"})

    def does(self, *words: object) -> str:
        done = self.run(*words)
        assert done.exit_code == 0, f"{words}\n{done.output}\n{done.exception!r}"
        return done.output

    def refused(self, *words: object) -> str:
        done = self.run(*words)
        assert done.exit_code != 0 and done.exception is not None, done.output
        return str(done.exception)

    def signs(self, verb: str, name: str, *more: object) -> str:
        return self.does(verb, "winter", "--as", name, "--key", self.key(name), *more)

    def new(self, *more: object, name: str = "winter") -> str:
        measures = [part for measure in MEASURES for part in ("--measure", measure)]
        return self.does(
            "new", name, "--organisation", "C09", *measures, "--title", "Winter pressures", "--author", ANALYST, "--key", self.key(ANALYST),
            *more,
        )  # fmt: skip

    @property
    def folder(self) -> Path:
        return self.home / "packs" / "winter"

    @property
    def draft(self) -> Path:
        return self.folder / "draft" / "commentary.md"

    def write(self, overall: str) -> None:
        """Writes under 'Overall', in place of what stood there."""
        text = self.draft.read_text(encoding="utf-8")
        before, rest = text.split("## Overall\n", 1)
        _, section, after = rest.partition("## emergency_admissions")
        self.draft.write_text(f"{before}## Overall\n\n{overall}\n\n{section}{after}", encoding="utf-8")

    def approved(self, overall: str = "Admissions are {{value:emergency_admissions}}.") -> None:
        self.new()
        self.write(overall)
        self.signs("submit", ANALYST)
        self.signs("approve", REVIEWER)


@pytest.fixture
def works(tmp_path, monkeypatch, answer):
    """The command, with two people registered and a desk whose figures are the made-up ones."""
    place = Works(home=tmp_path / "home")

    class Answering:
        @staticmethod
        def benchmark(*, measure: str, **_: Any) -> Benchmark:
            return answer(measure)

    monkeypatch.setattr(Desk, "open", lambda *_, **__: Answering())
    for name in (ANALYST, REVIEWER):
        place.does("signatory", "--name", name, "--out", place.key(name))
    return place
