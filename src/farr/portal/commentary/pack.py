"""A pack: one version of a commentary with the figures it was written of, as one HTML file that asks nothing of any host, and as a ZIP with
the tables and the sums of all files."""

import base64
import hashlib
import io
import json
import re
import zipfile
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from farr.lab.model.errors import FarrError
from farr.lab.model.showing.page import Chart, Page
from farr.portal.benchmarks.downloads import as_csv, as_excel, as_svg
from farr.portal.commentary.markup import rendered
from farr.portal.commentary.models import Version

_WHEN = (1980, 1, 1, 0, 0, 0)  # the same version is the same archive
# What a chart never holds, and what could act in a page.
_ACTIVE = re.compile(r"<\s*(?:script|foreignObject|image|a|use|style)\b|\son\w+\s*=|\bstyle\s*=|javascript:", re.IGNORECASE)
_STYLE = """body{margin:0 auto;max-width:60rem;padding:1rem 1.25rem;color:#1c2530;background:#fff;font:1rem/1.5 Arial,Helvetica,sans-serif}
h1{line-height:1.15;margin:.3rem 0}h2{margin:1.6rem 0 .4rem}.banner,.draft{padding:.5rem 1rem;background:#fff3cd;color:#4d3a00}
.draft{font-weight:bold;font-size:1.3rem;letter-spacing:.1em}.muted{color:#55616d}figure{margin:1rem 0}svg{max-width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{padding:.3rem .6rem;border-bottom:1px solid #d0d7de;text-align:right}
th:first-child{text-align:left;font-weight:normal}thead th{background:#f5f7f9}tr.own>*{background:#e3f0f9;font-weight:bold}
dt{font-weight:bold;margin-top:.5rem}dd{margin:0;overflow-wrap:anywhere}.wide{overflow-x:auto}"""


class PackError(FarrError):
    """A pack that is not made; the message says why."""


def name_of(version: Version, suffix: str) -> str:
    about = version.commentary
    parts = ("DRAFT" if version.is_draft else "commentary", str(about.pk), f"v{version.number}", about.measure, about.organisation)
    return "-".join(re.sub(r"[^A-Za-z0-9_]+", "-", part).strip("-") for part in parts) + suffix


def as_html(version: Version, notes: list[str]) -> bytes:
    """One file; `notes` are what must be said of it today: that the page was published anew since, or that records were destroyed. Raises
    ChangedVersion and PackError."""
    page = version.shown()
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    text = render_to_string(
        "commentary_pack.html",
        {
            "version": version, "about": version.commentary, "page": page, "notes": notes, "text": rendered(version.text, version.figures),
            "charts": [(chart, _inline(page, chart)) for chart in page.charts], "style": mark_safe(_STYLE),  # noqa: S308 - our own, above
            "policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        },
    )  # fmt: skip
    return text.encode()


def as_zip(version: Version, notes: list[str]) -> bytes:
    """HTML, CSV, Excel and manifest.json, which says who stands behind the text and sums up each file. Raises as `as_html` does."""
    page = version.shown()
    files = {
        name_of(version, ".html"): as_html(version, notes),
        name_of(version, ".csv"): as_csv(page),
        name_of(version, ".xlsx"): as_excel(page),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = json.dumps(_manifest(version, page, notes) | {"sha256": sums}, indent=2, ensure_ascii=False).encode() + b"\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _manifest(version: Version, page: Page, notes: list[str]) -> dict[str, Any]:
    decision = None if version.is_draft else version.decision  # type: ignore[attr-defined]
    return {
        "what": "commentary pack", "commentary": version.commentary.pk, "version": version.number, "state": version.state,
        "about": version.commentary.url, "author": version.author.name, "written_at": version.written_at.isoformat(),
        "approved_by": decision.by.name if decision else None, "approved_at": decision.at.isoformat() if decision else None,
        "agreement": page.agreement, "figures_made_at": page.made_at, "releases": version.releases, "figures_quoted": version.figures,
        "numbers_typed_by_the_author": version.typed, "is_synthetic": page.is_synthetic, "notes": notes,
    }  # fmt: skip


def _inline(page: Page, chart: Chart) -> SafeString:
    """The chart within the page, its identifiers made its own. Raises PackError for what is more than a picture."""
    svg = as_svg(page, chart).decode()
    tags = re.sub(r'"[^"]*"', '""', re.sub(r">[^<]*<", "><", svg))  # words and values are escaped, and may say anything
    if _ACTIVE.search(tags):
        raise PackError(f"the chart '{chart.name}' came out as more than a picture, and a pack takes no more; please report it")
    own = re.sub(r'\bid="([^"]+)"', rf'id="{chart.name}-\1"', svg[svg.index("<svg") :])
    own = re.sub(r"url\(#([^)]+)\)", rf"url(#{chart.name}-\1)", own)
    return mark_safe(own.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S308 - checked above
