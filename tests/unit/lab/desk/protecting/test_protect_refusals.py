"""What farr protect refuses: by file, column and code, without a figure, and with nothing written."""

import re

import pytest

GOOD = "region patients cost people\n A 4711 90210 77\n B 5822 80321 88\n Total 10533 170531 165"
COUNT = ("--by", "region", "--count", "patients")
SUM = ("--by", "region", "--sum", "cost")
HIERARCHY = ("--hierarchy", "region=h.csv")
UNKNOWN = "of the table has figures that are missing or below zero"
NO_SUM = "t.csv: the column 'patients' of the table does not add up along 'region' to the row of 'Total'"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("drawn", "options", "expected"),
    [
        (GOOD, ("--by", "region"), "name the columns of counts with --count"),
        (GOOD, ("--by", "place", "--count", "patients"), "t.csv: there is no column 'place'; the columns are region, patients"),
        (GOOD, ("--by", "region", "--count", "seen"), "t.csv: there is no column 'seen'"),
        (GOOD, (*COUNT, "--count", "patients"), "the column 'patients' is named twice"),
        (GOOD, SUM, "with --people in the same order"),
        (GOOD, (*SUM, "--people", "people", "--largest", "cost", "--largest", "cost"), "give --largest for every --sum"),
        (GOOD, (*SUM, "--people", "people", "--second", "cost"), "--second is of no use without --largest"),
        (GOOD, (*SUM, "--people", "people", "--largest", "cost", "--second", "cost"), "the largest contributions to 'cost'"),
        (GOOD, (*COUNT, "--within", "patients=people"), "--within names 'people', which is no --count"),
        (GOOD, (*COUNT, "--within", "patients"), "--within takes two names with = between them"),
        (GOOD, (*COUNT, "--policy", "none"), "there is no policy 'none'; known: cms11: CMS cell size suppression; hides 1 to 10"),
        (GOOD, (*COUNT, "--hierarchy", "place=h.csv"), "--hierarchy names 'place', which is no column of codes"),
        (GOOD, (*COUNT, "--out", "t.csv"), "is the table itself"),
        (GOOD, (*COUNT, "--out", "t.txt"), "Farr writes .csv, .xlsx, .parquet here"),
        (GOOD, (*COUNT, "--out", "no/t.csv"), "there is no folder no"),
        (GOOD, (*COUNT, "--out", "o.csv", "--why", "o.csv"), "--why and --out are the same file"),
        (GOOD, (*COUNT, "--secret", "s"), "there is no file s; make one: head -c 32 /dev/urandom > s"),
        (GOOD.replace("10533", "10534"), COUNT, NO_SUM),
        (GOOD.replace("4711", "-4711"), COUNT, f"'patients' {UNKNOWN}"),
        (GOOD.replace("4711", "inf"), COUNT, f"'patients' {UNKNOWN}"),
        (GOOD.replace("4711", "4711x"), COUNT, "the column 'patients' of the table holds something that is no number"),
        (GOOD.replace("4711", "4711.5"), COUNT, "counts that are not whole"),
        (GOOD.replace("77", "-77"), (*SUM, "--people", "people"), f"'people' {UNKNOWN}"),
        (GOOD.replace(" B ", " A "), COUNT, "the rows of 'A' repeat; each combination of region may stand there once"),
        (GOOD + "\n C 1", COUNT, "t.csv: row 4 has 2 fields, and the first line 4"),
        ("region region\n A 4711", COUNT, "name every column once in the first line"),
        ("region patients", COUNT, "t.csv has no rows"),
        (GOOD, (*SUM, "--people", "people", "--total", "All", "--margins"), "cannot work out the row of 'All': the people behind 'cost'"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_and_writes_nothing(protect, write_csv, tmp_path, drawn, options, expected):
    write_csv("h.csv", "code parent\n A inner")
    table = write_csv("t.csv", drawn)
    before = table.read_bytes()
    code, said = protect("t.csv", *options)
    assert code == 2 and expected in said
    assert names(tmp_path) == ["h.csv", "t.csv"] and table.read_bytes() == before
    assert not re.search(r"\d{4}", said.replace("2018", "")), "a figure of the table is in the message"


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("code parent\n A inner\n A other", "h.csv: 'A' has two parents"),
        ("code parent\n A B\n B A", "goes round in a circle at"),
        ("code parent\n Total A", "puts 'Total', the total of all, into another code"),
        ("code above\n A B", "h.csv: a hierarchy has the two columns code and parent; this has code, above"),
        ("code parent\n A inner", "t.csv: the table has no row of 'inner', though it has rows that add up to it"),
    ],
)
def test_hierarchies_that_cannot_be(protect, write_csv, drawn, expected):
    write_csv("t.csv", GOOD)
    write_csv("h.csv", drawn)
    code, said = protect("t.csv", *COUNT, *HIERARCHY)
    assert code == 2 and expected in said


def test_a_grand_total_without_the_totals_between_is_refused_and_margins_make_them(protect, write_csv):
    """The audit would not see that the inner rows add up to it."""
    write_csv("t.csv", "region sex patients\n A f 3\n A m 50\n B f 60\n B m 70\n Total Total 183")
    options = ("t.csv", "--by", "region", "--by", "sex", "--count", "patients")
    code, said = protect(*options)
    assert code == 2 and "has no row of 'A', 'Total'" in said
    code, said = protect(*options, "--margins")
    assert code == 0 and "Rows 9" in said


def test_several_hierarchies_need_the_total_that_links_them(protect, write_csv):
    write_csv("t.csv", "region patients\n A 4711\n B 5822")
    write_csv("h.csv", "code parent\n A inner")
    write_csv("g.csv", "code parent\n B other")
    code, said = protect("t.csv", *COUNT, *HIERARCHY, "--hierarchy", "region=g.csv")
    assert code == 2 and "'region' has several hierarchies and no row of 'Total', which links them" in said


def test_nothing_is_written_over(protect, write_csv, tmp_path):
    write_csv("t.csv", GOOD)
    assert protect("t.csv", *COUNT)[0] == 0
    first = (tmp_path / "t.protected.csv").read_bytes()
    code, said = protect("t.csv", *COUNT, "--policy", "open_data")
    assert code == 2 and "t.protected.csv is there already" in said
    assert (tmp_path / "t.protected.csv").read_bytes() == first


def test_a_table_that_cannot_be_made_safe_is_refused(protect, write_csv, tmp_path, monkeypatch):
    write_csv("t.csv", GOOD.replace("4711", "3").replace("10533", "5825"))
    monkeypatch.setattr("farr.lab.desk.commands.protect._SECONDS", -1.0)
    code, said = protect("t.csv", *COUNT, "--best", "0")
    assert code == 2 and "t.csv: no safe way to print it was found, so nothing is written" in said
    assert names(tmp_path) == ["t.csv"]


def test_files_that_are_no_table(protect, tmp_path):
    (tmp_path / "t.csv").write_bytes(b"region,patients\nA,\xff\xfe\n")
    (tmp_path / "t.parquet").write_bytes(b"no parquet")
    expected = {
        "t.csv": "cannot be read as CSV in UTF-8",
        "t.parquet": "cannot be read as Parquet",
        "u.csv": "there is no file u.csv",
        "t.doc": "Farr protects tables in .csv and .parquet files",
    }
    for name, said_of_it in expected.items():
        code, said = protect(name, *COUNT, "--out", "o.csv")
        assert code == 2 and said_of_it in said


def test_a_secret_that_anybody_could_try_is_none(protect, write_csv, tmp_path):
    write_csv("t.csv", GOOD)
    (tmp_path / "s").write_bytes(b"fifteen bytes  ")
    code, said = protect("t.csv", *COUNT, "--secret", "s")
    assert code == 2 and "s has 15 bytes, and a secret at least 16" in said
    assert names(tmp_path) == ["s", "t.csv"]
