"""The whole job at one scale, each stage the `farr` command in a process of its own: from made-up raw files to derived tables, and
then everything that is asked of them, to a publication."""

from pathlib import Path

from country import FEEDS, Country, agree, deidentify, rows, store_megabytes, synth
from measured import farr, headed, megabytes, said

ORGANISATION = "90L"


def prepared(country: Country) -> list[dict[str, object]]:
    """The stages up to clean files."""
    found = [said("synth", synth(country), MB=megabytes(country.raw))]
    agree(country)
    raw = sorted(country.raw.glob("*.parquet"))
    cost = deidentify(country, raw, country.clean)
    made = {feed: rows(country.files(feed)) for feed in FEEDS}
    found.append(said("deidentify", cost, rows=sum(made.values()), MB=megabytes(country.clean)))
    return found


def in_the_lab(country: Country) -> list[dict[str, object]]:
    """Ingest and build."""
    home, found = country.home, [said("ingest, reference files", farr(country.home, "ingest", *country.references()))]
    for feed in FEEDS:
        cost = farr(home, "ingest", *country.files(feed))
        found.append(said(f"ingest, {feed}", cost, rows=rows(country.files(feed)), MB=megabytes(country.store / feed)))
    cost = farr(home, "build")
    held = store_megabytes(country)
    found.append(said("build", cost, rows=_records(country), MB=sum(value for name, value in held.items() if name not in FEEDS)))
    return found


def asked(country: Country, *, with_reports: bool, publish_minutes: float) -> list[dict[str, object]]:
    """Measures, reports, and the publication of every measure, norm and level, which is stopped after `publish_minutes`. Charts take long,
    and as long at any scale."""
    headed(f"What is asked, scale {country.scale}, {country.months} months")
    found = [said(stage, farr(country.home, *command)) for stage, command in _commands(country, with_reports=with_reports)]
    published = country.home / "published"
    before = _folders(published)
    cost = farr(country.home, "publish", most_seconds=60 * publish_minutes)
    stage = "publish, every view" if cost.ended else f"publish, every view: stopped after {publish_minutes:g} minutes"
    return [*found, said(stage, cost, releases=_folders(published) - before)]


def _folders(place: Path) -> int:
    return sum(path.is_dir() for path in place.iterdir()) if place.is_dir() else 0


def on_spark(country: Country) -> list[dict[str, object]]:
    """The same marts built by Spark on this machine, and a measure asked of it."""
    headed(f"On local Spark, scale {country.scale}")
    question = ("benchmark", "--organisation", ORGANISATION, "--measure", "length_of_stay")
    whole = said("build on Spark, whole", farr(country.home, "--engine", "spark", "build", "--whole"), rows=_records(country))
    return [whole, said("one measure, on Spark", farr(country.home, "--engine", "spark", *question))]


def _commands(country: Country, *, with_reports: bool) -> list[tuple[str, tuple[object, ...]]]:
    whom = ("--organisation", ORGANISATION)
    report = ("report", *whom, "--out", country.folder / "report")
    reports = [("report, every measure, with charts", report), ("report, released before", report), ("changes", ("changes", *whom))]
    return [
        ("one measure, asked first", ("benchmark", *whom, "--measure", "length_of_stay")),
        ("the same beside the ten most alike", ("benchmark", *whom, "--measure", "length_of_stay", "--norm", "similar_ten")),
        *(reports if with_reports else []),
    ]


def _records(country: Country) -> int:
    return sum(rows(country.files(feed)) for feed in FEEDS)


def measured(country: Country) -> dict[str, object]:
    """Every stage to the derived tables, the rows of each feed, and the MB of each table at the end."""
    headed(f"The job, scale {country.scale}, {country.months} months")
    stages = prepared(country) + in_the_lab(country)
    return {
        "scale": country.scale,
        "months": country.months,
        "rows": _records(country),
        "stages": stages,
        "store_mb": store_megabytes(country),
    }
