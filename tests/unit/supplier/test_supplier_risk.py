import json
import random
from collections import defaultdict

import duckdb
import pytest

from farr.lab.ingest.feeds.apc_episode import FEED
from farr.supplier.risk.anonymity import RiskError, anonymity
from farr.supplier.risk.intruder import Scenario, intrude, wilson
from farr.supplier.risk.report import percent, risk_report, write_report

QUASI = ("Age", "Sex", "Postcode_District")
COLUMNS = ("person", "Age", "Sex", "Postcode_District", "Admission_Date", "Diagnosis_01")


def table(rows, columns=COLUMNS):
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE clean ({', '.join(f'{name} VARCHAR' for name in columns)})")
    connection.executemany(f"INSERT INTO clean VALUES ({', '.join('?' for _ in columns)})", rows)
    return connection


def made_up(count, seed):
    draw = random.Random(seed)
    return [
        (
            f"p{draw.randrange(count // 2)}",
            str(draw.randrange(60, 66)),
            draw.choice("12"),
            draw.choice(["LS1", "LS2", "LS3", None]),
            f"2024-05-{draw.randrange(1, 29):02d}",
            draw.choice(["J189", "K402", None]),
        )
        for _ in range(count)
    ]


def naive_smallest(rows, quasi):
    """Person to k of the smallest class, the plain way."""
    places = [COLUMNS.index(name) for name in quasi]
    members = defaultdict(set)
    for row in rows:
        members[tuple(row[place] for place in places)].add(row[0])
    smallest = {}
    for people in members.values():
        for person in people:
            smallest[person] = min(len(people), smallest.get(person, len(people)))
    return smallest


def naive_homogeneous(rows):
    members, values = defaultdict(set), defaultdict(set)
    for row in rows:
        members[row[1:4]].add(row[0])
        values[row[1:4]].add(row[5])
    exposed = {row[0] for row in rows if len(members[row[1:4]]) > 1 and len(values[row[1:4]]) == 1 and None not in values[row[1:4]]}
    return len(exposed) / len({row[0] for row in rows})


def test_a_hand_made_file():
    # a, b, c alike; d alone; e with d's sex and age but another district: alone; a has a second row, alone.
    rows = [
        ("a", "40", "1", "LS1", None, "J189"), ("b", "40", "1", "LS1", None, "J189"), ("c", "40", "1", "LS1", None, "J189"),
        ("d", "50", "2", "LS1", None, "K402"), ("e", "50", "2", "LS2", None, "K402"), ("a", "41", "1", "LS1", None, "J189"),
    ]  # fmt: skip
    found = anonymity(table(rows), "clean", "person", QUASI, sensitive="Diagnosis_01")
    assert (found.people, found.smallest_class) == (5, 1)
    assert found.unique == pytest.approx(3 / 5)
    assert found.prosecutor_mean == pytest.approx((1 + 1 / 3 + 1 / 3 + 1 + 1) / 5)
    assert found.homogeneous == pytest.approx(3 / 5)
    assert {one.column: one.unique_without for one in found.contributions} == pytest.approx(
        {"Age": 2 / 5, "Sex": 3 / 5, "Postcode_District": 1 / 5}
    )


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_the_plain_way(seed):
    rows = made_up(200, seed)
    found = anonymity(table(rows), "clean", "person", QUASI, sensitive="Diagnosis_01")
    sizes = list(naive_smallest(rows, QUASI).values())
    assert found.people == len(sizes)
    assert found.smallest_class == min(sizes)
    assert found.below_5 == pytest.approx(sum(size < 5 for size in sizes) / len(sizes))
    assert found.below_10 == pytest.approx(sum(size < 10 for size in sizes) / len(sizes))
    assert found.prosecutor_mean == pytest.approx(sum(1 / size for size in sizes) / len(sizes))
    assert sum(share for _, _, share in found.bands) == pytest.approx(1)
    assert found.homogeneous == pytest.approx(naive_homogeneous(rows))
    for one in found.contributions:
        alone = list(naive_smallest(rows, [one.column]).values())
        assert one.unique_alone == pytest.approx(sum(size == 1 for size in alone) / len(alone))


def naive_singled(rows, days):
    """Share singled out when every person has one row and all are tried, the plain way."""
    singled = 0
    for known in rows:
        fits = {
            row[0]
            for row in rows
            if row[2] == known[2] and abs(int(row[1]) - int(known[1])) <= 1 and abs(int(row[4][-2:]) - int(known[4][-2:])) <= days
        }
        singled += len(fits) == 1
    return singled / len(rows)


@pytest.mark.parametrize("days", [0, 1, 3])
def test_the_intruder_agrees_with_the_plain_way(days):
    rows = [(f"q{number}", *row[1:]) for number, row in enumerate(made_up(80, 3))]
    scenario = Scenario(name="s", who="w", exact=("Sex",), days_within=days)
    (finding,), missed = intrude(table(rows), "clean", "person", COLUMNS, sample=1000, scenarios=(scenario,), sensitive="Diagnosis_01")
    assert (finding.tried, missed) == (80, [])
    assert finding.singled_out == pytest.approx(naive_singled(rows, days))
    assert finding.lower <= finding.singled_out <= finding.upper


def test_two_known_stays_find_whom_one_does_not():
    rows = [
        ("a", "40", "1", "LS1", "2024-05-01", "J189"), ("a", "40", "1", "LS1", "2024-05-09", "J189"),
        ("b", "40", "1", "LS1", "2024-05-01", "K402"), ("c", "40", "1", "LS1", "2024-05-09", "K402"),
    ]  # fmt: skip
    scenarios = (Scenario(name="two", who="w", exact=("Sex",), days_within=0, stays=2),)
    (two,), _ = intrude(table(rows), "clean", "person", COLUMNS, scenarios=scenarios)
    assert (two.tried, two.singled_out) == (1, 1.0)
    (one,), _ = intrude(table(rows), "clean", "person", COLUMNS, scenarios=(Scenario(name="one", who="w", exact=("Sex",), days_within=0),))
    assert (one.tried, one.singled_out) == (3, 0.0)


def test_a_diagnosis_shared_by_all_who_fit_is_inferred():
    rows = [("a", "40", "1", "LS1", None, "J189"), ("b", "40", "1", "LS1", None, "J189"), ("c", "60", "1", "LS1", None, None)]
    scenario = (Scenario(name="s", who="w", exact=("Sex",)),)
    (finding,), _ = intrude(table(rows), "clean", "person", COLUMNS, scenarios=scenario, sensitive="Diagnosis_01")
    assert finding.inferred == pytest.approx(2 / 3)
    assert finding.singled_out == pytest.approx(1 / 3)


def test_the_same_seed_draws_the_same_people_whatever_the_order_of_rows():
    rows = made_up(200, 1)
    scenario = (Scenario(name="s", who="w", exact=("Sex",), days_within=0),)
    shares = [
        intrude(table(order), "clean", "person", COLUMNS, sample=20, seed=5, scenarios=scenario)[0][0].singled_out
        for order in (rows, rows[::-1])
    ]
    assert shares[0] == shares[1]


def test_wilson_gives_the_published_answer():
    # Newcombe 1998, Stat Med 17:857, table I, method 3: 81 of 263 and 0 of 20.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


@pytest.mark.parametrize(("share", "text"), [(0, "0.0%"), (0.0001, "<0.1%"), (0.1234, "12.3%"), (0.9999, ">99.9%"), (1, "100.0%")])
def test_a_share_is_never_told_as_nothing_or_all_when_it_is_not(share, text):
    assert percent(share) == text


def test_the_report_of_a_clean_file_can_be_made_again_and_holds_no_value(supplier):

    _, clean = supplier.run(supplier.raw({}, {"NHSNO": "401 023 2137", "Postcode": "LS7 2QX"}))
    report = risk_report(clean, FEED, seed=3)
    markdown, as_json = write_report(report, supplier.folder / "risk")
    first = markdown.read_text(), as_json.read_text()
    write_report(risk_report(clean, FEED, seed=3), supplier.folder / "risk")
    assert (markdown.read_text(), as_json.read_text()) == first
    assert json.loads(first[1])["anonymity"]["unique"] == 1.0
    values = [str(value) for row in duckdb.from_parquet(str(clean)).fetchall() for value in row if value and len(str(value)) > 2]
    assert values
    assert not [value for value in values if value in first[0] or value in first[1]]


def test_a_file_that_is_not_clean_is_refused(supplier):

    with pytest.raises(RiskError, match="give a clean file"):
        risk_report(supplier.raw({}), FEED)


def test_an_unknown_quasi_identifier_is_refused(supplier):

    _, clean = supplier.run(supplier.raw({}))
    with pytest.raises(RiskError, match="has no column Shoe_Size"):
        risk_report(clean, FEED, quasi=("Shoe_Size",))
