"""The whole job at one scale: from made-up raw files to a publication, each stage the `farr` command in a process of its own."""

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


def in_the_lab(country: Country, *, with_reports: bool) -> list[dict[str, object]]:
    """Ingest, build, and everything that is asked of the store."""
    home, found = country.home, [said("ingest, reference files", farr(country.home, "ingest", *country.references()))]
    for feed in FEEDS:
        cost = farr(home, "ingest", *country.files(feed))
        found.append(said(f"ingest, {feed}", cost, rows=rows(country.files(feed)), MB=megabytes(country.store / feed)))
    cost = farr(home, "build")
    held = store_megabytes(country)
    found.append(said("build", cost, rows=_records(country), MB=sum(value for name, value in held.items() if name not in FEEDS)))
    for stage, command in _asked(country, with_reports=with_reports):
        found.append(said(stage, farr(home, *command)))
    return found


def _asked(country: Country, *, with_reports: bool) -> list[tuple[str, tuple[object, ...]]]:
    whom = ("--organisation", ORGANISATION)
    report = ("report", *whom, "--out", country.folder / "report")
    reports = [("report, every measure, with charts", report), ("report, released before", report), ("changes", ("changes", *whom))]
    return [
        ("one measure, asked first", ("benchmark", *whom, "--measure", "length_of_stay")),
        ("the same beside the ten most alike", ("benchmark", *whom, "--measure", "length_of_stay", "--norm", "similar_ten")),
        *(reports if with_reports else []),
        ("publish, every view", ("publish",)),
    ]


def _records(country: Country) -> int:
    return sum(rows(country.files(feed)) for feed in FEEDS)


def measured(country: Country, *, with_reports: bool) -> dict[str, object]:
    """Every stage, the rows of each feed, and the MB of each table at the end. Charts take long, and as long at any scale."""
    headed(f"The job, scale {country.scale}, {country.months} months")
    stages = prepared(country) + in_the_lab(country, with_reports=with_reports)
    return {
        "scale": country.scale,
        "months": country.months,
        "rows": _records(country),
        "stages": stages,
        "store_mb": store_megabytes(country),
    }
