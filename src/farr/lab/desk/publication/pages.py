"""Pages ahead: of every larger organisation its measures against the usual norms, signed one by one; and the contents, of all.

They are made of what publication has released, or of what passes the gate now in the same way; nothing else is written of it.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel

from farr.lab.desk.answering.askable import DeskError
from farr.lab.desk.benchmark import Benchmark, LeftOut
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.organisations import NATIONAL
from farr.lab.desk.publication.catalogue import Catalogue
from farr.lab.desk.publication.smaller import SMALLER, codes, periods, smaller, years
from farr.lab.desk.publication.views import trusted
from farr.lab.desk.showing.contents import contents_of, listed
from farr.lab.desk.showing.overview import overview_of
from farr.lab.desk.showing.page import noticed, page_of
from farr.lab.desk.showing.turned import turned
from farr.lab.measures.norm import Norm
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Contents, Listed, Overview, Page, Summary
from farr.lab.model.showing.signed import (
    CONTENTS,
    NotSigned,
    ahead_about,
    contents_about,
    overview_about,
    overview_path,
    page_path,
    read_signed,
    write_signed,
)

PAGES = "pages"
AHEAD = (NATIONAL, "similar_ten")
"""Norms whose pages are made ahead, unless others are named."""
LEVELS_AHEAD = ("commissioner", "provider", "region", NATIONAL)
"""Levels whose organisations have pages ahead."""

D = TypeVar("D", bound=BaseModel)


def norms_ahead(desk: Desk, names: Iterable[str]) -> list[Norm]:
    """The norms of these names. Raises DeskError for one that there is not, or that pages cannot be made of ahead."""
    norms = [desk.norm(name) for name in dict.fromkeys(names)]
    for norm in norms:
        if "peers" in norm.options:
            raise DeskError(f"the norm '{norm.name}' needs peers that somebody names, so no pages are made of it ahead; leave it out")
    return norms


def publish_pages(
    desk: Desk,
    catalogue: Catalogue,
    *,
    measures: Iterable[str] = (),
    norms: Sequence[Norm],
    said: Callable[[str], None] = lambda _: None,
) -> Contents:
    """Writes the pages of these measures (none named: of all) against these norms, and the contents, to published/pages; returns the
    contents. Where nothing is new since they were written, they stay as they are. `catalogue` is that of the views just published."""
    names = list(measures)
    run = _Run(
        desk=desk,
        catalogue=catalogue,
        measures=tuple(names or desk.measures),
        norms=tuple(norms),
        is_complete=not names,
    )
    standing = run.standing
    if standing is not None and standing.made_from == run.made_from and run.is_whole(standing):
        said("pages: nothing is new")
        return standing
    return run.published(said)


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One writing of pages: what all of them have in common."""

    desk: Desk
    catalogue: Catalogue
    measures: tuple[str, ...]
    norms: tuple[Norm, ...]
    is_complete: bool
    made_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @cached_property
    def folder(self) -> Path:
        return self.desk.home.published / PAGES

    @cached_property
    def key(self) -> Ed25519PrivateKey:
        return self.desk.home.release_key()

    @cached_property
    def trusted(self) -> Collection[str]:
        return trusted(self.desk)

    @cached_property
    def made_from(self) -> str:
        """A digest of all that decides the pages, their dates apart: where it is the same, they would be."""
        views = [(each.view, each.period, each.left_out, each.releases, each.reason) for each in self.catalogue.entries]
        rest = (self.catalogue.store_versions, self.catalogue.code_version, self.catalogue.notices)
        terms = self.desk.home.agreement(self.desk.agreement).terms.model_dump(mode="json")
        content = [views, rest, terms, self.measures, [norm.name for norm in self.norms], self.is_complete]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @cached_property
    def standing(self) -> Contents | None:
        """The contents that stand; None where there are none of this agreement that can be used."""
        found = self.read(CONTENTS, Contents, contents_about())
        return found if found is not None and found.agreement == self.desk.agreement else None

    @property
    def is_anew(self) -> bool:
        """Whether nothing of what stands is kept: this run makes all of it, or what stands is of another agreement."""
        return self.is_complete or self.standing is None

    def is_whole(self, standing: Contents) -> bool:
        """Whether every organisation that has pages has its overviews, and every measure in them its page."""
        for each in (each for each in standing.organisations if each.level in LEVELS_AHEAD):
            for norm in (self.desk.norm(name) for name in standing.ahead):
                if norm.is_made_at(each.level):
                    overview = self.overview(each, norm.name)
                    if overview is None or not all(self.page(each, summary).exists() for summary in overview.summaries):
                        return False
        return True

    def page(self, listed: Listed, summary: Summary) -> Path:
        return self.folder / page_path(listed.level, listed.code, summary.measure, summary.norm)

    def overview(self, listed: Listed, norm: str) -> Overview | None:
        about = overview_about(listed.level, listed.code, norm)
        return self.read(overview_path(listed.level, listed.code, norm), Overview, about)

    def read(self, path: str, kind: type[D], about: dict[str, object]) -> D | None:
        """What stands; None where it is missing or was touched: it is made again, and nothing is lost by that."""
        try:
            return read_signed((self.folder / path).read_bytes(), kind, about, self.trusted, path)
        except (OSError, NotSigned):
            return None

    def others_left_out(self, before: Overview) -> list[LeftOut]:
        """What an overview that stands says of measures that this run is not about."""
        others = {each.title: each for name, each in self.desk.measures.items() if name not in self.measures}
        return [LeftOut(measure=others[title], reason=reason) for reason, titles in before.left_out for title in titles if title in others]

    def published(self, said: Callable[[str], None]) -> Contents:
        organisations = [(level, code) for level in LEVELS_AHEAD for code in self.codes(level)]
        kept: set[Path] = set()
        shown: dict[tuple[str, str], Listed] = {}
        measures: set[str] = set()
        for at, (level, code) in enumerate(organisations, start=1):
            said(f"pages of {level} {code}, {at} of {len(organisations)}")
            made = _Organisation(run=self, listed=listed(self.desk, level, code))
            if made.written():
                shown[level, code] = made.listed
                measures |= made.measures
            kept |= made.paths
        ahead = tuple(norm.name for norm in self.norms)
        if self.standing is not None and not self.is_anew:
            shown = {(each.level, each.code): each for each in self.standing.organisations if each.level not in SMALLER} | shown
            measures |= {card.name for card in self.standing.measures if card.name in self.desk.measures}
            ahead = tuple(dict.fromkeys((*self.standing.ahead, *ahead)))
        asked_for = periods(self.catalogue, self.desk.measures)
        contents = contents_of(
            self.desk, self.catalogue, organisations=[*shown.values(), *smaller(self.desk, self.catalogue)],
            measures=measures.union(*asked_for.values()), ahead=ahead, periods=asked_for, made_at=self.made_at, made_from=self.made_from,
        )  # fmt: skip
        replace_file(self.folder / CONTENTS, write_signed(contents, contents_about(), self.key))
        self.clear(kept)
        return contents

    def codes(self, level: str) -> list[str]:
        """The organisations of a level that have a row in any year published of it."""
        published = years(self.catalogue, level, self.measures)
        if level == NATIONAL:
            return [NATIONAL] if published else []
        return codes(self.desk, level, published)

    def clear(self, kept: Collection[Path]) -> None:
        """Removes pages that are no longer made; of a run of some measures, theirs alone."""
        for path in self.folder.glob("*/*.json.gz"):
            measure = path.name.partition(".")[0]
            if path not in kept and (self.is_anew or measure in self.measures):
                path.unlink()
        for folder in self.folder.glob("*/"):
            if not any(folder.iterdir()):
                folder.rmdir()


@dataclass(frozen=True, kw_only=True)
class _Organisation:
    """The pages of one organisation: `paths` are those written, `measures` those that have one."""

    run: _Run
    listed: Listed
    paths: set[Path] = field(default_factory=set[Path])
    measures: set[str] = field(default_factory=set[str])

    def written(self) -> bool:
        """Writes pages and overviews; whether there are any."""
        requests = self.requests()
        found = self.run.desk.answer_many(requests)
        pages: dict[str, list[Page]] = {}
        left_out: dict[str, list[LeftOut]] = {}
        for request, answer in zip(requests, found, strict=True):
            if isinstance(answer, Benchmark):
                pages.setdefault(request.norm, []).append(self.page(request, answer))
            else:
                missing = LeftOut(measure=self.run.desk.measures[request.measure], reason=str(answer))
                left_out.setdefault(request.norm, []).append(missing)
        for norm in self.norms():
            self.overview(norm, pages.get(norm.name, []), left_out.get(norm.name, []))
        return bool(pages)

    def norms(self) -> list[Norm]:
        return [norm for norm in self.run.norms if norm.is_made_at(self.listed.level)]

    def requests(self) -> list[BenchmarkRequest]:
        """Level by level the same questions, so that what was released of one organisation serves the next."""
        return [
            BenchmarkRequest(organisation=self.listed.code, measure=name, norm=norm.name, level=self.listed.level)
            for name in self.run.measures
            if self.listed.level in self.run.desk.measures[name].levels
            for norm in self.norms()
        ]

    def page(self, request: BenchmarkRequest, benchmark: Benchmark) -> Page:
        """The page, once it is written."""
        level, code, run = self.listed.level, self.listed.code, self.run
        page = noticed(page_of(benchmark, request, made_at=run.made_at), run.catalogue.notices)
        about = ahead_about(level, code, request.measure, request.norm)
        self.write(page_path(level, code, request.measure, request.norm), page, about)
        self.measures.add(request.measure)
        return page

    def overview(self, norm: Norm, pages: Sequence[Page], left_out: Sequence[LeftOut]) -> None:
        level, code, run = self.listed.level, self.listed.code, self.run
        said = set(run.catalogue.notices.values())
        published = run.overview(self.listed, norm.name)
        earlier = published if published is not None and published.agreement == run.desk.agreement else None
        before = None if run.is_anew else earlier
        held = [] if before is None else [each for each in before.summaries if each.measure not in run.measures]
        missing = [] if before is None else run.others_left_out(before)
        summaries = [*held, *(page.summary for page in pages)]
        overview = overview_of(
            summaries, [*missing, *left_out], changes=turned(earlier, summaries),
            organisation=code, organisation_name=self.listed.name, level=level, norm=norm,
            agreement=run.desk.agreement, made_at=run.made_at, is_synthetic=run.catalogue.is_synthetic,
            notes=list(dict.fromkeys(note for page in pages for note in page.notes if note in said)),
        )  # fmt: skip
        self.write(overview_path(level, code, norm.name), overview, overview_about(level, code, norm.name))

    def write(self, path: str, document: Page | Overview, about: dict[str, object]) -> None:
        replace_file(self.run.folder / path, write_signed(document, about, self.run.key))
        self.paths.add(self.run.folder / path)
