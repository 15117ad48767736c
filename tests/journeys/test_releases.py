"""What leaves: from Python and for scripts, signed, and refused when changed; and what cannot be asked is answered with what can."""

import json
import shutil

import pytest

from farr.lab.desk import Desk


def test_python_in_under_five_lines(country):
    desk = Desk.open(country.home)
    found = desk.benchmark(organisation="90L", measure="emergency_admissions")
    assert found.rows.table.num_rows == 23  # of 24, two have merged


def test_json_parses_and_holds_no_hidden_number(released):
    hidden = [row for path in released.printed for row in _rows(json.loads(path.read_text())) if row.get("status") == "suppressed"]
    assert hidden
    assert not [row for row in hidden if row.get("value") is not None or row.get("numerator") is not None]


def _rows(node):
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _rows(part)


def test_every_release_verifies_and_a_flipped_byte_is_refused(released, does, here, tmp_path):
    assert len(released.published) > 20
    for path in released.published:
        assert "signed and unchanged" in does("verify", path, home=released.home)
    path = released.published[0]
    for name in ("table.parquet", "manifest.json", "manifest.sig"):
        changed = shutil.copytree(path, tmp_path / name / path.name)
        content = bytearray((changed / name).read_bytes())
        content[len(content) // 2] ^= 1
        (changed / name).write_bytes(bytes(content))
        assert here("verify", changed, home=released.home).returncode == 2


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
def test_what_is_not_there_is_answered_with_what_is(country, here, change, expected):
    options = {"--organisation": "90L", "--measure": "length_of_stay", **change}
    done = here("benchmark", *[part for pair in options.items() for part in pair], home=country.home)
    assert done.returncode == 2, done.stderr
    assert expected in " ".join(done.stderr.split())


def test_a_report_of_which_nothing_can_be_made_says_why(nation_released, here, tmp_path):
    # Where all that is said of regions was asked before, so that only the organisation is new.
    asked = json.loads((nation_released.folder / "out" / "region.report.json").read_text())["found"]
    named = [part for each in asked for part in ("--measure", each["measure"]["name"])]
    nobody = ("--organisation", "NOSUCH", "--level", "region", *named, "--out", tmp_path / "report")
    done = here("report", *nobody, home=nation_released.home)
    assert done.returncode == 2, done.stderr
    assert "no measure can be made for 'NOSUCH'" in " ".join(done.stderr.split())
    assert not (tmp_path / "report").exists()
