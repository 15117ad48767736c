"""What leaves: from Python and for scripts, signed, refused when changed, and with no person in it."""

import json
import re
import shutil

import pyarrow.parquet as pq
import pytest

from farr.lab.desk import Desk

ASKED = {"national": "national", "commissioner": "90L", "provider": "ZAB", "practice": "Z10012"}
POINTS_TO_PEOPLE = (
    r"\b[0-9a-f]{32}\b|\b\d{10}\b|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
    r"|\b[A-Z][a-z]+ Synthetic-[A-Z][a-z]+"
)


@pytest.fixture(scope="module")
def released(country, farr, does, tmp_path_factory):
    """A home in which every level was asked about; with what was printed, and the report."""
    folder = tmp_path_factory.mktemp("released")
    home = shutil.copytree(country.home, folder / "home")
    printed = {
        level: does("benchmark", "--organisation", code, "--measure", "zero_stay_emergencies", "--json", home=home)
        for level, code in ASKED.items()
    }
    printed["report"] = does("report", "--organisation", "Z10012", "--out", folder / "report", home=home)
    return home, printed, folder / "report"


def test_python_in_under_five_lines(country):
    desk = Desk.open(country.home)
    found = desk.benchmark(organisation="90L", measure="emergency_admissions")
    assert found.rows.table.num_rows == 24


def test_json_parses_and_holds_no_hidden_number(released):
    _, printed, _ = released
    for level in ASKED:
        hidden = [row for row in _rows(json.loads(printed[level])) if row.get("status") == "suppressed"]
        assert not [row for row in hidden if row.get("value") is not None or row.get("numerator") is not None]


def _rows(node):
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _rows(part)


def test_releases_verify_and_a_flipped_byte_is_refused(released, does, farr, tmp_path):
    home, *_ = released
    path = next(each for each in sorted((home / "published").iterdir()) if each.is_dir())
    assert "signed and unchanged" in does("verify", path, home=home)
    for name in ("table.parquet", "manifest.json"):
        changed = shutil.copytree(path, tmp_path / name / path.name)
        content = bytearray((changed / name).read_bytes())
        content[len(content) // 2] ^= 1
        (changed / name).write_bytes(bytes(content))
        assert farr("verify", changed, home=home).returncode == 2


def test_no_person_leaves(released, country):
    home, printed, report = released
    raw = pq.read_table(country.raw / country.month.name.replace(".clean", ""))
    clean = pq.read_table(country.month, columns=["Der_Pseudo_NHS_Number"])
    names = {value for column in ("NHS_Number", "Patient_Name", "Postcode") for value in raw[column].to_pylist() if value}
    people = names | set(clean["Der_Pseudo_NHS_Number"].to_pylist())
    assert len(people) > 1000
    files = [path for root in (home / "published", report) for path in root.rglob("*") if path.suffix in {".json", ".html", ".svg", ".csv"}]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files] + list(printed.values())
    tables = [str(pq.read_table(path).to_pydict()) for path in (home / "published").rglob("*.parquet")]
    assert tables
    for text in [*texts, *tables]:
        words = set(re.findall(POINTS_TO_PEOPLE, text))
        assert not words & people


def test_no_small_or_unrounded_count_leaves(released):
    home, *_ = released
    seen = 0
    for path in (home / "published").rglob("table.parquet"):
        name = json.loads((path.parent / "manifest.json").read_text())["name"]
        for row in pq.read_table(path).to_pylist():
            for column in ("numerator", "denominator", "spells"):
                count = row.get(column)
                national = name.split(".")[1] == "national" or name.startswith("completeness.practice")  # the nation's, and may be exact
                person_years = column == "denominator" and name.startswith("emergency_admissions.")  # published populations, over 12
                if count is None or national or person_years:
                    continue
                seen += 1
                assert count % 5 == 0 and count not in range(1, 8), (name, column)
    assert seen > 100


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"--period": "2024-05", "--organisation": "Z10012"}, "--period 2023-06..2024-05"),
        ({"--organisation": "NOSUCH"}, "--level"),
        ({"--measure": "nosuch"}, "day_case_rate"),
        ({"--norm": "nosuch"}, "similar_ten"),
        ({"--level": "nosuch"}, "commissioner"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(country, farr, change, expected):
    options = {"--organisation": "90L", "--measure": "length_of_stay", **change}
    done = farr("benchmark", *[part for pair in options.items() for part in pair], home=country.home)
    assert done.returncode == 2, done.stderr
    assert expected in " ".join(done.stderr.split())


def test_a_report_of_which_nothing_can_be_made_says_why(country, farr, tmp_path):
    done = farr("report", "--organisation", "NOSUCH", "--level", "region", "--out", tmp_path / "report", home=country.home)
    assert done.returncode == 2, done.stderr
    assert "no measure can be made for 'NOSUCH'" in " ".join(done.stderr.split())
    assert not (tmp_path / "report").exists()
