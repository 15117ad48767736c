"""What one call of each costly function of the portal costs, alone, on pages of three sizes.

    python -m benchmarks.portal_costs --into docs/portal-costs.md

The pages are made up, as the tests make them, and their rows and the points of their charts multiplied: ten organisations, 120 (as many as
England has acute trusts), and 6,500 (practices). Seconds by the clock, each alone: the median of five."""

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.web.settings"
django.setup()

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402

from farr.portal.benchmarks.downloads import as_csv, as_excel, as_png, as_svg  # noqa: E402
from farr.portal.installation import installation  # noqa: E402
from farr.portal.review.screen import check_table  # noqa: E402
from farr.portal.review.table import read_table  # noqa: E402
from farr.portal.trail.trail import Event, Trail, What  # noqa: E402
from tests.web.installing import install  # noqa: E402
from tests.web.publishing import make_page  # noqa: E402

_TIMES = 5
_SIZES = (10, 120, 6500)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--into", type=Path, help="a document whose lines between <!-- measured --> and <!-- /measured --> are replaced")
    said = asked.parse_args()

    lines = [f"Measured on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, Python {sys.version.split()[0]}, "
             f"load {os.getloadavg()[0]:.1f} when it began; seconds, the median of {_TIMES}.", "",
             "| function | 10 organisations | 120 | 6,500 |", "|---|---:|---:|---:|", *files(),
             "", "| function | seconds |", "|---|---:|", *others()]  # fmt: skip
    lines += ["", f"The most memory of the process, all of this in one: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB."]
    text = "\n".join(lines)
    print(text)
    if said.into:
        before, mark, rest = said.into.read_text(encoding="utf-8").partition("<!-- measured -->\n")
        assert mark, f"{said.into} has no <!-- measured -->"
        said.into.write_text(f"{before}{mark}{text}\n<!-- /measured -->{rest.partition('<!-- /measured -->')[2]}", encoding="utf-8")


def files() -> list[str]:

    pages = [of_size(size) for size in _SIZES]
    biggest = [max(page.charts, key=lambda chart: len(str(chart.full))) for page in pages]
    makers: dict[str, Callable[[int], Any]] = {
        "table as CSV": lambda at: as_csv(pages[at]),
        "table as Excel": lambda at: as_excel(pages[at]),
        "largest chart as SVG": lambda at: as_svg(pages[at], biggest[at]),
        "largest chart as PNG": lambda at: as_png(pages[at], biggest[at]),
        "every chart as SVG, as a pack has them": lambda at: [as_svg(pages[at], chart) for chart in pages[at].charts],
    }
    return [row(name, [seconds(lambda at=at, make=make: make(at)) for at in range(len(_SIZES))]) for name, make in makers.items()]


def others() -> list[str]:

    hasher = Argon2PasswordHasher()
    table = "Group,Spells\n" + "".join(f"Group {at},{at}.{at:0180d}\n" for at in range(4_990))
    done: dict[str, Callable[[], object]] = {
        "hashing a password (signing in, trying one, a recovery code)": lambda: hasher.encode("a password", "salt" * 4),
        f"checking a table of {len(table) / 1e6:.1f} MB that was submitted": lambda: check_table(read_table(table.encode())),
    }
    found = [row(name, [seconds(make)]) for name, make in done.items()]
    with tempfile.TemporaryDirectory() as folder:
        trail = long_trail(Path(folder), 20_000)
        found.append(row("searching the latest 20,000 lines of the audit (the page Audit)", [seconds(lambda: list(trail.recent(20_000)))]))
        found.append(row("verifying 20,000 lines of the audit", [seconds(trail.verify)]))
    return found


def of_size(organisations: int) -> Any:

    page, times = make_page("C09"), organisations // 10
    sheets = tuple(sheet.model_copy(update={"rows": sheet.rows * times}) for sheet in page.sheets)
    charts = tuple(
        chart.model_copy(update={"spec": multiplied(chart.spec, times), "full": multiplied(chart.full, times)}) for chart in page.charts
    )
    return page.model_copy(update={"sheets": sheets, "charts": charts})


def multiplied(spec: Any, times: int) -> Any:
    """The chart with so many times the points of organisations (ten, of which one is hidden); the twelve months stay as they are."""
    if isinstance(spec, dict):
        return {name: multiplied(each, times) for name, each in spec.items()}
    if not isinstance(spec, list):
        return spec
    is_of_organisations = len(spec) in {9, 10} and all(isinstance(each, dict) for each in spec)
    return spec * times if is_of_organisations else [multiplied(each, times) for each in spec]


def long_trail(folder: Path, lines: int) -> Any:

    trail = Trail(installation(install(folder / "portal", audit_log=False)))
    for at in range(lines):
        trail.record(Event(what=What.SAW, user=at % 50, name=f"reader{at % 50}@example.org", about=f"made_up commissioner C{at % 10:02d}"))
    return trail


def seconds(make: Callable[[], object]) -> float:
    """The median of several, the first one left out: it warms what is loaded once."""
    make()
    found = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        make()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def row(name: str, found: list[float]) -> str:
    return f"| {name} | {' | '.join(f'{each:.3f}' if each < 1 else f'{each:.1f}' for each in found)} |"


if __name__ == "__main__":
    main()
