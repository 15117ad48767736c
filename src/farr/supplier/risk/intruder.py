"""A motivated-intruder test by simulation (ICO anonymisation guidance, 28 March 2025): how often does somebody with ordinary
knowledge of one hospital stay single its person out, or learn their diagnosis, from a clean file?

The intruder has no skills beyond reading and no key. They know one stay of a person who is in the file (prosecutor attack), some facts
exactly and some roughly, and keep everybody who fits. One left: singled out. Several left who share one diagnosis: inferred. Two stays
of one person known together: linkability, for rows of one person carry one pseudonym.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from farr.supplier.risk.anonymity import RiskError
from farr.supplier.rules import day, quoted

# Two-sided 95 percent.
_Z = 1.959963984540054


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What an intruder knows: `exact` columns, an age to `age_within` years, a date to `days_within` days (None: unknown).

    `stays` is how many stays of the person they know in this way."""

    name: str
    who: str
    exact: tuple[str, ...]
    age_within: int | None = 1
    days_within: int | None = None
    stays: int = 1


SCENARIOS = (
    Scenario(name="neighbour", who="knows about how old, the sex and the postcode district", exact=("Sex", "Postcode_District")),
    Scenario(name="employer", who="knows about how old, the sex, and the absence to within three days", exact=("Sex",), days_within=3),
    Scenario(
        name="neighbour with a date",
        who="as the neighbour, and the day of admission or visit to within three days",
        exact=("Sex", "Postcode_District"),
        days_within=3,
    ),
    Scenario(
        name="practice",
        who="knows the practice, the sex, about how old, and the day of admission or visit to within a week",
        exact=("Sex", "GP_Practice_Code"),
        days_within=7,
    ),
    Scenario(
        name="newspaper",
        who="reports an accident: the hospital, the sex, about how old, the day of admission or visit to within one day",
        exact=("Sex", "Provider_Code"),
        days_within=1,
    ),
    Scenario(
        name="two stays",
        who="a relative: knows the sex, about how old, and the exact days of two admissions or visits",
        exact=("Sex",),
        days_within=0,
        stays=2,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Shares are of the sampled people, with 95 percent Wilson intervals. None where too few people could be tried."""

    scenario: Scenario
    tried: int
    singled_out: float
    lower: float
    upper: float
    inferred: float | None
    median_candidates: float


def intrude(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    person: str,
    columns: Sequence[str],
    *,
    sample: int = 1000,
    seed: int = 0,
    sensitive: str | None = None,
    when: str = "Admission_Date",
    scenarios: Sequence[Scenario] = SCENARIOS,
) -> tuple[list[Finding], list[str]]:
    """Findings for the scenarios whose columns the file has, and the names of those it has not. `when` is the column with the day
    that an intruder may know. The same seed gives the same sample.

    Raises RiskError where the sample is empty."""
    if sample < 1:
        raise RiskError(f"--sample {sample} tries nobody; give 1 or more")
    _prepare(connection, relation, person, columns, sensitive, when)
    possible = [scenario for scenario in scenarios if _needed(scenario, when) <= set(columns)]
    findings = [_find(connection, scenario, sample, seed, sensitive is not None) for scenario in possible]
    missed = [scenario.name for scenario in scenarios if scenario not in possible]
    return [finding for finding in findings if finding is not None], missed


def wilson(share: float, tried: int) -> tuple[float, float]:
    """95 percent interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209)."""
    centre = share + _Z**2 / (2 * tried)
    spread = _Z * math.sqrt(share * (1 - share) / tried + _Z**2 / (4 * tried**2))
    scale = 1 + _Z**2 / tried
    # Rounded, for at shares of 0 and 1 floating point leaves a trace where the limit is exact.
    return max(0.0, round((centre - spread) / scale, 12)), min(1.0, round((centre + spread) / scale, 12))


def _needed(scenario: Scenario, when: str) -> set[str]:
    age = {"Age"} if scenario.age_within is not None else set()
    date = {when} if scenario.days_within is not None else set()
    return {*scenario.exact, *age, *date}


def _prepare(
    connection: duckdb.DuckDBPyConnection, relation: str, person: str, columns: Sequence[str], sensitive: str | None, when: str
) -> None:
    """Temp table `stay`: one row a distinct stay, as far as an intruder can see it."""
    seen = [quoted(name) for name in ("Sex", "Postcode_District", "GP_Practice_Code", "Provider_Code") if name in columns]
    age = 'try_cast("Age" AS INTEGER)' if "Age" in columns else "CAST(NULL AS INTEGER)"
    date = day(quoted(when)) if when in columns else "CAST(NULL AS DATE)"
    secret = f"min(nullif(trim({quoted(sensitive)}), ''))" if sensitive else "CAST(NULL AS VARCHAR)"
    keys = ", ".join([f"{quoted(person)} AS person", f"{age} AS age", f"{date} AS admitted", *seen])
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE stay AS SELECT {keys}, {secret} AS secret FROM {relation} "
        f"WHERE {quoted(person)} IS NOT NULL GROUP BY ALL"
    )


def _find(connection: duckdb.DuckDBPyConnection, scenario: Scenario, sample: int, seed: int, infers: bool) -> Finding | None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE target AS {_targets(scenario, sample, seed)}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE candidate AS {_candidates(scenario)}")
    row = connection.execute(
        "SELECT count(*), avg(CAST(people = 1 AS INTEGER)), avg(CAST(people > 1 AND certain AS INTEGER)), median(people) FROM "
        "(SELECT target, count(*) AS people, coalesce(bool_and(lowest = highest AND all_known) AND min(lowest) = max(highest), false) "
        "AS certain FROM candidate GROUP BY target)"
    ).fetchone()
    if row is None or not row[0]:
        return None
    tried, singled, inferred, median = row
    lower, upper = wilson(singled, tried)
    return Finding(
        scenario=scenario,
        tried=tried,
        singled_out=singled,
        lower=lower,
        upper=upper,
        inferred=inferred if infers else None,
        median_candidates=median,
    )


def _targets(scenario: Scenario, sample: int, seed: int) -> str:
    """SQL: for each sampled person, `stays` of their stays (fewer: not sampled). MD5 of seed and pseudonym orders people, so that
    the sample does not depend on the order of rows or on the engine's version."""
    known = ["admitted IS NOT NULL"] if scenario.days_within is not None else []
    known += ["age IS NOT NULL"] if scenario.age_within is not None else []
    known += [f"{quoted(name)} IS NOT NULL" for name in scenario.exact]
    draw = f"md5('{seed}' || person || coalesce(CAST(admitted AS VARCHAR), ''))"
    order = (
        f"row_number() OVER (PARTITION BY person ORDER BY {draw}, age, {', '.join(quoted(name) for name in scenario.exact) or 'person'})"
    )
    distinct = "admitted" if scenario.stays > 1 else "*"
    # Two stays on one day are one fact to an intruder who knows days.
    once = "QUALIFY row_number() OVER (PARTITION BY person, admitted ORDER BY age) = 1" if distinct == "admitted" else ""
    pool = f"SELECT * FROM stay WHERE {' AND '.join(known) or 'true'} {once}"
    ordered = f"SELECT *, {order} AS place, count(*) OVER (PARTITION BY person) AS stays FROM ({pool})"
    people = f"SELECT person FROM ({ordered}) WHERE place = 1 AND stays >= {scenario.stays} ORDER BY md5('{seed}' || person) LIMIT {sample}"
    return f"SELECT * FROM ({ordered}) WHERE place <= {scenario.stays} AND person IN ({people})"


def _candidates(scenario: Scenario) -> str:
    """SQL: target, person who fits every known stay, and the range of the sensitive values of their fitting stays."""
    fits = [f"s.{quoted(name)} = t.{quoted(name)}" for name in scenario.exact]
    if scenario.age_within is not None:
        fits.append(f"s.age BETWEEN t.age - {scenario.age_within} AND t.age + {scenario.age_within}")
    if scenario.days_within is not None:
        fits.append(f"s.admitted BETWEEN t.admitted - {scenario.days_within} AND t.admitted + {scenario.days_within}")
    return (
        f"SELECT t.person AS target, s.person AS person, min(s.secret) AS lowest, "
        f"max(s.secret) AS highest, count(s.secret) = count(*) AS all_known FROM target AS t JOIN stay AS s ON {' AND '.join(fits)} "
        f"GROUP BY t.person, s.person HAVING count(DISTINCT t.place) = {scenario.stays}"
    )
