"""A pack as one HTML file that asks nothing of any host and runs no script; its policy admits its own style by hash."""

import base64
import hashlib
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from farr.lab.desk import plain
from farr.lab.desk.charts.theme import DARK, LIGHT
from farr.lab.desk.figures import is_shown, releases
from farr.lab.desk.pack import edition as editions
from farr.lab.desk.pack.edition import Edition
from farr.lab.desk.pack.formats.pictures import pictures

_PACKAGE = "farr.lab.desk.pack.formats"


def write_html(shown: Edition, path: Path) -> Path:
    """Writes the edition to `path`; returns it."""
    style = _style()
    page = (
        _environment()
        .get_template("pack.html.j2")
        .render(
            edition=shown,
            standing=shown.standing,
            first=shown.first,
            style=Markup(style),  # noqa: S704 - our own file, and its hash is in the policy
            policy=f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'",
            pictures={section.name: pictures(section.benchmark) for section in shown.sections if section.benchmark},
            inline=_inline,
            plain=plain,
            editions=editions,
            is_shown=is_shown,
            releases=releases,
            provenance=editions.provenance(shown),
        )
    )
    path.write_text(page, encoding="utf-8")
    return path


def _inline(svg: str) -> Markup:
    """The picture in the page; `pictures` saw to it that it is no more than that, and its own words are escaped in it."""
    start = svg.index("<svg ")
    return Markup(svg[start:].replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - as said above


def _style() -> str:
    return _text("pack.css") + "@media screen and (prefers-color-scheme: dark) {\n" + "".join(_darkened()) + "}\n"


def _darkened() -> list[str]:
    """Charts are drawn light; in a dark page each of their colours is exchanged."""
    dark = asdict(DARK)
    pairs = [(light, dark[name]) for name, light in asdict(LIGHT).items()]
    return [f'  .chart svg [{part}="{light}"] {{ {part}: {other}; }}\n' for light, other in pairs for part in ("fill", "stroke")]


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return resources.files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
