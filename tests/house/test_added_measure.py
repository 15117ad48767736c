"""A stranger adds a measure in two files: the two that docs/adding-a-measure.md shows, as it shows them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from farr.lab.measures.measure import Measure
from farr.lab.model.discover import discover

ROOT = Path(__file__).parents[2]
NAME = "elective_same_day"
GUIDE = (ROOT / "docs" / "adding-a-measure.md").read_text(encoding="utf-8")
# What an added measure can touch: it leaves the marts, whose examples are the rest of the specification, as they are.
MEASURE_TESTS = ("tests/spec/test_measure_examples.py", "tests/spec/test_measure_pages.py")
SKIPPED = shutil.ignore_patterns("__pycache__")


def shown(declared: str) -> str:
    """The one block of Python in the guide that declares this."""
    (block,) = [text for text in re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL) if f"\n{declared} = " in text]
    return block


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the source and the specification, with the guide's two files and nothing else."""
    folder = tmp_path_factory.mktemp("added")
    for part in ("src", "tests/spec"):
        shutil.copytree(ROOT / part, folder / part, ignore=SKIPPED)
    (folder / f"src/farr/lab/measures/definitions/{NAME}.py").write_text(shown("MEASURE"), encoding="utf-8")
    (folder / f"tests/spec/measures/{NAME}.py").write_text(shown("EXAMPLE"), encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    for ours in ("PYTEST_ADDOPTS", "DJANGO_SETTINGS_MODULE"):  # the copy has no portal to set up
        environment.pop(ours, None)
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_its_worked_example_passes_with_those_of_the_other_measures(copy):
    options = ("-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(copy))
    done = run(copy, "-m", "pytest", *options, "-rA", "-k", "not spark", *MEASURE_TESTS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"PASSED .*test_measure_example\[.*{NAME}", done.stdout), done.stdout


def test_the_command_line_lists_it_with_the_others(copy):
    done = run(copy, "-c", "from farr.launcher import main; main()", "measures", "--json")
    assert done.returncode == 0, done.stderr
    listed = {each["name"]: each for each in json.loads(done.stdout)}
    assert set(listed) == {NAME, *discover("farr.lab.measures.definitions", Measure)}
    assert listed[NAME]["title"] == "Elective inpatients who did not stay"


def test_a_measure_without_its_example_is_told_so(copy, tmp_path):
    partial = tmp_path / "partial"
    shutil.copytree(copy, partial)
    (partial / f"tests/spec/measures/{NAME}.py").unlink()
    done = run(
        partial,
        "-m",
        "pytest",
        "-q",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        *MEASURE_TESTS,
        "-k",
        "has_an_example and not spark",
    )
    assert done.returncode == 1
    assert NAME in done.stdout
