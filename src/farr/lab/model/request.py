"""Requests: what a user may ask for, in plain words. The command line, the service and the publication all ask in these terms."""

from pydantic import BaseModel, ConfigDict, Field

_CODE = r"^[A-Za-z0-9_.\- ]{1,40}$"
_NAME = r"^[a-z][a-z0-9_]{0,62}$"


class BenchmarkRequest(BaseModel):
    """One organisation's figure for a measure beside its norm.

    `period` is '2024-04..2025-03' (None: the latest rolling year); `level` is needed only where the organisation reference does
    not know the code; `by` breaks the organisation's figure down; `choices` are code lists or codes by choice name, for
    measures that take some; `peers` are codes (norm own_list) or the name of a list (norm peer_list); `count` how many peers a norm of
    similar organisations takes; `as_was`: organisations as they were, before mergers since; `all_months`: months that look
    incomplete are kept; `why` it is needed, which an output checker reads where the choice of codes is not a registered one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str = Field(pattern=_CODE)
    measure: str = Field(pattern=_NAME)
    norm: str = Field(default="national", pattern=_NAME)
    period: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}(\.\.\d{4}-\d{2})?$")
    level: str | None = Field(default=None, pattern=_NAME)
    by: str | None = Field(default=None, pattern=_NAME)
    choices: dict[str, str] = Field(default_factory=dict)
    peers: tuple[str, ...] = ()
    count: int | None = Field(default=None, ge=1, le=50)
    as_was: bool = False
    all_months: bool = False
    why: str | None = Field(default=None, min_length=1, max_length=2000, exclude_if=lambda value: value is None)


class OverviewRequest(BaseModel):
    """Every measure of one organisation beside one norm, each over the year that was published of its level."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str = Field(pattern=_CODE)
    level: str = Field(pattern=_NAME)
    norm: str = Field(default="national", pattern=_NAME)
