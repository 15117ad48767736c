"""Files that cannot be trusted, through the command itself: each is refused with what to do, and the home is as before."""

import gzip
import shutil

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest


def nhs_number(number):
    while True:
        digits = f"{number:09d}"
        check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11) % 11
        if check < 10:
            return f"{digits}{check}"
        number += 1


def text(table):
    sink = pa.BufferOutputStream()
    plain = pa.table({name: table[name].cast(pa.string()) for name in table.column_names})
    pc.write_csv(plain, sink)
    return sink.getvalue().to_pybytes()


def added(table, name, value):
    return text(table.append_column(name, pa.array([value(number) for number in range(table.num_rows)])))


BAD = {
    "a wrong feed": ("wrong.csv", lambda t: b"colour,size\nred,1\n"),
    "a missing key column": ("missing.csv", lambda t: text(t.drop_columns(["APCE_Ident"]))),
    "a truncated gzip": ("cut.csv.gz", lambda t: gzip.compress(text(t))[:4000]),
    "a wrong month": ("month.csv", text),
    "duplicate keys": ("twice.csv", lambda t: text(pa.concat_tables([t, t.slice(3, 2)]))),
    "mixed encoding": ("mixed.csv", lambda t: text(t) + "é".encode() + "é\n".encode("latin-1")),
    "an identifier by name": ("named.csv", lambda t: added(t, "NHS_Number", str)),
    "full postcodes": ("postcode.csv", lambda t: added(t, "Note", lambda n: f"LS{n % 9 + 1} {n % 9}AB")),
    "birth dates": ("birth.csv", lambda t: added(t, "Extra", lambda n: f"{1930 + n % 80}-02-11")),
    "NHS numbers by check digit": ("numbers.csv", lambda t: added(t, "Ward_Note", lambda n: nhs_number(400_000_000 + n * 7919))),
    "an empty file": ("empty.csv", lambda t: b""),
    "a header alone": ("header.csv", lambda t: text(t.slice(0, 0))),
}
ADVICE = ("ask the sender", "type:", "farr ", "give the period", "save", "send", "have the file sent", "check")


@pytest.fixture(scope="module")
def home(country, tmp_path_factory):
    return shutil.copytree(country.home, tmp_path_factory.mktemp("bad") / "home")


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_changes_nothing(kind, home, country, here, held, tmp_path):
    name, make = BAD[kind]
    table = pq.read_table(country.month).slice(0, 400)
    path = tmp_path / name
    path.write_bytes(make(table))
    before = held(home)
    options = ("--period", "2024-06") if kind == "a wrong month" else ()
    done = here("ingest", path, *options, home=home)
    assert done.returncode == 2, done.stderr
    assert held(home) == before
    assert any(word in done.stderr for word in ADVICE), done.stderr
    values = {value for column in ("Der_Pseudo_NHS_Number", "APCE_Ident") for value in table[column].cast(pa.string()).to_pylist()}
    assert not [value for value in values if value and value in done.stdout + done.stderr]
    assert nhs_number(400_000_000) not in done.stderr
