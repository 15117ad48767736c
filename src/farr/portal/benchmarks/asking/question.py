"""A question to the release service: what makes two of them the same, and what kind it is."""

import hashlib
from dataclasses import dataclass

from farr.lab.model.request import BenchmarkRequest, OverviewRequest
from farr.lab.model.showing.page import Overview, Page


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, under which agreement and for which purpose, and which `edition` is published. With `nothing_new` it is answered of
    what was released before alone."""

    request: BenchmarkRequest | OverviewRequest
    agreement: str
    purpose: str
    edition: str
    nothing_new: bool = False

    @property
    def answer(self) -> type[Page] | type[Overview]:
        return Page if isinstance(self.request, BenchmarkRequest) else Overview

    @property
    def only_reads(self) -> bool:
        """Whether it is answered of what was released before: the service does so while it works on something new."""
        return self.nothing_new or isinstance(self.request, OverviewRequest)

    @property
    def key(self) -> tuple[str, str, str]:
        """The same for the same question. Why somebody asks is for the output checkers, and changes no answer."""
        request = self.request
        asked = request.model_copy(update={"why": None}) if isinstance(request, BenchmarkRequest) else request
        return (self.agreement, self.purpose, f"{self.edition} {self.nothing_new} {asked.model_dump_json()}")

    @property
    def name(self) -> str:
        """Of its files: says nothing of what is asked."""
        return hashlib.sha256("\n".join(self.key).encode()).hexdigest()

    @property
    def sort(self) -> str:
        """Questions that take alike: by these words past durations are looked up."""
        request = self.request
        if isinstance(request, OverviewRequest):
            return f"overview of a {request.level}"
        parts = f" by {request.by}" if request.by else " of codes" if request.choices else ""
        return f"page of a {request.level or 'place'}{parts}"
