"""No person in what leaves: no identifier of any month's raw file, no key of a record, no pseudonym, and no small or unrounded count."""

import csv
import gzip
import json
import re
import zipfile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from farr.lab.measures.measure import Measure
from farr.lab.model.dimension import LEVELS
from farr.lab.model.discover import discover
from tests.share import WHOLE

TEXTS = {".json", ".html", ".svg", ".csv", ".txt", ".sig"}
IDENTITIES = ("NHS_Number", "Patient_Name", "Postcode", "LSOA", "Birth_Date")
KEYS = {"apc_episode": "APCE_Ident", "critical_care": "CC_Ident", "op_attendance": "OPA_Ident", "ae_attendance": "AEA_Ident"}
COUNTS = ("numerator", "denominator", "spells")
WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")
SPACED = re.compile(r"\b(\d{3}) (\d{3}) (\d{4})\b")
NAME = re.compile(r"\b[A-Z][a-z]+ Synthetic-[A-Z][a-z]+|\bSynthetic-[A-Z][a-z]+")


def pieces(text):
    """Everything in a text that could be an identifier, as it would be written in the raw file."""
    return {
        *WORD.findall(text),
        *DAY.findall(text),
        *NAME.findall(text),
        *(f"{outward} {inward}" for outward, inward in POSTCODE.findall(text)),
        *("".join(parts) for parts in SPACED.findall(text)),
    }


def content(path):
    """What a file says, as text; of Parquet and workbooks, all that they hold."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return f"{table.to_pydict()} {table.schema.metadata}"
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes()).decode()
    return path.read_text(encoding="utf-8")


def distinct(paths, column):
    """Values of a column in all files, as text."""
    parts = [pc.unique(pq.read_table(path, columns=[column], partitioning=None)[column].cast(pa.string())) for path in paths]
    return {value for part in parts for value in part.to_pylist() if value}


def values(column):
    return {value for value in pc.unique(column.cast(pa.string())).to_pylist() if value}


@pytest.fixture(scope="module")
def people(country, all_rows):
    """What points to a person, by kind, from all months: as the supplier holds it, and as the store does."""
    raw = sorted(country.raw.glob("apc_episode_*.parquet"))
    held = all_rows(country.home, "apc_episode")
    assert len(raw) == len(pc.unique(held["Activity_Month"])) == 24
    found = {column: distinct(raw, column) for column in ("NHS_Number", "Patient_Name", "Postcode", "LSOA", "Birth_Date")}
    found |= {column: values(held[column]) for column in ("Der_Pseudo_NHS_Number", "APCE_Ident", "APCS_Ident")}
    found["Surname"] = {name.split()[1] for name in found["Patient_Name"]}
    # A chart's month begins on a day that is some people's birthday.
    found["Birth_Date"] = {day for day in found["Birth_Date"] if not day.endswith("-01")}
    return found


def test_what_looks_for_people_finds_them(people):
    assert {kind: len(found) > 10 for kind, found in people.items()} == dict.fromkeys(people, True)
    assert len(people["NHS_Number"]) > len(people["Der_Pseudo_NHS_Number"]) > 50_000
    for found in people.values():
        one = min(found)
        assert all(one in pieces(text) for text in (one, f'{{"a": "{one}"}}', f"<v>{one}</v>", f"x,{one},y", f"('{one}',)"))
    number, postcode = min(people["NHS_Number"]), min(people["Postcode"])
    assert number in pieces(f"of {number[:3]} {number[3:6]} {number[6:]}.")
    assert postcode in pieces(postcode.replace(" ", ""))


def test_no_person_leaves(released, people):
    files = [path for path in released.files if path.suffix != ".png"]
    assert {path.suffix for path in files} == TEXTS | {".parquet", ".xlsx"}
    assert_nobody_in(files, people)


def assert_nobody_in(files, people):
    everyone = set().union(*people.values())
    for path in files:
        met = pieces(content(path)) & everyone
        assert not met, (path.name, sorted(kind for kind, found in people.items() if found & met))


@pytest.fixture(scope="module")
def people_of_all_feeds(nation, all_rows):
    """The same of every feed, all months, as the supplier holds them and as the store does."""
    found = {}
    for feed, key in KEYS.items():
        raw, held = sorted(nation.raw.glob(f"**/{feed}_*.parquet")), all_rows(nation.home, feed, "nation")
        assert len(pc.unique(held["Activity_Month"])) == len(raw) - 3 == 15  # the last month was sent twice, and two earlier ones
        own = {column: distinct(raw, column) for column in IDENTITIES if column in pq.read_schema(raw[0]).names}
        own |= {column: values(held[column]) for column in ("Der_Pseudo_NHS_Number", key) if column in held.column_names}
        for column, each in own.items():
            found.setdefault(column, set()).update(each)
    found["Birth_Date"] = {day for day in found["Birth_Date"] if not day.endswith("-01")}
    return found


@pytest.mark.slow
def test_nobody_leaves_in_reports_changes_or_packs(nation_reported, people_of_all_feeds):
    files = read(nation_reported)
    assert {"national.report.json", "90L.html", "changes.printed.json"} <= {path.name for path in files}
    assert [path for path in files if path.parent.name == "packs"]
    assert_nobody_in(files, people_of_all_feeds)


@pytest.mark.slow
def test_nobody_leaves_in_views_or_their_catalogue(nation_released, people_of_all_feeds):
    files = read(nation_released)
    assert {"catalogue.json", "region.report.json", "contents.json.gz", "overview.national.json.gz"} <= {path.name for path in files}
    assert_nobody_in(files, people_of_all_feeds)


def read(made):
    """What can be read as text: a PDF says what its HTML says."""
    return [path for path in made.files if path.suffix not in {".png", ".pdf"}]


def test_there_are_people_of_all_feeds(people_of_all_feeds):
    assert all(len(found) > 10 for found in people_of_all_feeds.values())


@pytest.mark.slow
def test_nor_is_a_small_count_in_any_report_of_any_feed(nation_reported):
    assert counted_in(nation_reported) > (3_300 if WHOLE else 1_200)


@pytest.mark.slow
def test_nor_is_a_small_count_in_any_view_of_any_feed(nation_released):
    assert counted_in(nation_released) > 6_500


@pytest.mark.slow
def test_nor_in_any_page_of_the_portal(nation_released):
    seen = 0
    for path in nation_released.pages:
        page = json.loads(content(path))["document"]
        for sheet in page.get("sheets", ()):
            rows = [dict(zip((column["field"] for column in sheet["columns"]), row, strict=True)) for row in sheet["rows"]]
            seen += counted(page["measure"]["name"], page["releases"][0]["policy"], rows)
    assert seen > 5_000


def counted_in(made):
    """How many counts were released; none of them is small."""
    manifests = [(path, json.loads((path / "manifest.json").read_text())) for path in made.published]
    return sum(counted(said["name"], said["policy"], pq.read_table(path / "table.parquet").to_pylist()) for path, said in manifests)


def levels_of(made):
    names = (json.loads((path / "manifest.json").read_text())["name"] for path in made.published)
    return {part for name in names for part in name.split(".")[1:2]}


def test_nearly_every_level_was_asked_about(released):
    assert levels_of(released) >= set(LEVELS) - {"locality"}


def test_so_were_localities(nation_reported):
    assert levels_of(nation_reported) >= {"locality"}


def test_no_small_or_unrounded_count_leaves(released):
    seen = 0
    for path in released.published:
        manifest = json.loads((path / "manifest.json").read_text())
        assert "hes_2018" in manifest["policy"]
        seen += counted(manifest["name"], manifest["policy"], pq.read_table(path / "table.parquet").to_pylist())
    assert seen > 2_000


def test_nor_in_the_files_for_spreadsheets_and_programs(released):
    written = [path for path in released.files if path.suffix == ".csv"]
    seen = sum(counted(path.name, "hes_2018", list(csv.DictReader(path.read_text().splitlines()))) for path in written)
    assert seen > 500


PER_HEAD = {name for name, measure in discover("farr.lab.measures.definitions", Measure).items() if measure.kind.is_per_head}


def counted(name, policy, rows):
    """How many counts of persons there are, none of which is small or exact. Published populations, over 12, are no such counts."""
    seen = 0
    of_patients = COUNTS if not ("open_data" in policy or name.split(".")[0] in PER_HEAD) else ("numerator", "spells")
    for row in rows:
        for column in of_patients:
            count = row.get(column)
            if count in (None, ""):
                continue
            seen += 1
            assert float(count) % 5 == 0, (name, column)
            assert not 1 <= float(count) <= 7, (name, column)
        if row.get("status") == "suppressed":
            assert all(row.get(column) in (None, "") for column in (*of_patients, "value", "lower", "upper")), name
    return seen
