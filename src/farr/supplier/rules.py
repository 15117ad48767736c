"""A feed's de-identification rules as SQL over a raw file whose columns are all text. One plan decides every column's fate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farr.lab.ingest.feed import (
    BirthToAge,
    Drop,
    Feed,
    FeedColumn,
    FeedError,
    Keep,
    KeepFor,
    PostcodeToDistrict,
    Pseudonymise,
    SmallAreaToGroups,
    TimeToHour,
)
from farr.supplier.pseudonym import IdentifierKind, is_valid_nhs_number, normalised_nhs_number

# GOV.UK, "Bulk Data Transfer: additional validation for CAS upload", appendix C: outward part, then a digit and two letters.
_OUTWARD = "[A-Z]{1,2}[0-9][A-Z0-9]?|GIR"
_INWARD = "[0-9][A-Z]{2}"
# Without a space, five characters may be an organisation's code (A99AA); six or seven with this shape are a postcode.
_POSTCODE_AMONG_CODES = rf"\| *(?:(?:{_OUTWARD}) +{_INWARD}|(?:[A-Z][0-9][A-Z0-9]|[A-Z]{{2}}[0-9][A-Z0-9]?){_INWARD}) *\|"
# Shorter texts, such as initials, are found among codes by chance.
_TELLING = 4
_DATE_FORMATS = ("%Y%m%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
# HES MYDOB is the month and year of birth, mmyyyy. Its first day is taken, so in the month of birth the age may be one too high.
_BIRTH_FORMATS = ("%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m%Y")


# Names of columns that no file has: a sent name is trimmed, and no feed declares one like these.
KEPT_TEXT = '"kept text"'
KEPT_COMPACT = '"kept text, compact"'


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """One pseudonym column `to`, and the sent identifier it is made of. `normalised` is SQL over the raw row; `valid` over `alias`,
    the name under which the normalised identifier is known afterwards, as its pseudonym is under `pseudonym`."""

    to: str
    alias: str
    pseudonym: str
    sent: str
    kind: IdentifierKind
    normalised: str
    valid: str
    may_be_null: bool


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A condition (SQL) under which a value cannot be carried over and the clean column stays empty; counted, never silent."""

    column: str
    reason: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What becomes of every column. `outputs` maps clean column names to SQL; `small_area` is the SQL of
    the code to look up; `known` and, made of these, `worked_out` map names to SQL of what the others are made of; `activity_date` is one
    of those names; `kept_text` that of all kept values of a row in one text (dates without dashes); `leak` a condition (SQL) on the
    columns KEPT_TEXT (that text) and KEPT_COMPACT (it without spaces and dashes) under which a kept column holds what it must not, and
    the row must not leave."""

    outputs: dict[str, str]
    identifiers: tuple[Identifier, ...]
    losses: tuple[Loss, ...]
    kept: tuple[str, ...]
    derived: tuple[str, ...]
    dropped: tuple[str, ...]
    small_area: str | None
    known: dict[str, str]
    worked_out: dict[str, str]
    activity_date: str | None
    kept_text: str
    leak: str


@dataclass
class _Draft:
    """A plan under construction."""

    feed: Feed
    mapping: Mapping[str, str]
    has_lookup: bool

    def __post_init__(self) -> None:
        self.outputs: dict[str, str] = {}
        self.losses: list[Loss] = []
        self.kept: list[str] = []
        self.derived: list[str] = []
        self.dropped: list[str] = []
        self.small_area: str | None = None
        self.groups: list[str] = []
        self.candidates: dict[str, list[FeedColumn]] = {}
        # An expression within AND, OR or CASE is worked out as often as it stands there, so that these are named once.
        self.known: dict[str, str] = {}
        self.worked_out: dict[str, str] = {}

    def value(self, column: FeedColumn) -> str:
        """SQL: the sent value, trimmed; null where the feed says that it means nothing is known."""
        name = quoted(f"known {column.name}")
        self.known[name] = known(self.mapping[column.name], column)
        return name

    def worked(self, what: str, sql: str) -> str:
        """SQL: the name under which it is known from now on."""
        self.worked_out[quoted(what)] = sql
        return quoted(what)

    def add(self, column: FeedColumn) -> None:
        match column.rule:
            case Pseudonymise(to=to):
                self.candidates.setdefault(to, []).append(column)
            case Keep() if column.name == self.feed.table.person:
                # A pseudonym of somebody else's making is an identifier here: it is re-keyed like any other.
                self.candidates.setdefault(column.name, []).append(column)
            case Keep() if column.name in self.derived:
                pass  # what the file says is already within what was derived
            case Keep() | KeepFor():
                self.kept.append(column.name)
                self.outputs[column.name] = quoted(self.mapping[column.name])
            case Drop():
                self.dropped.append(column.name)
            case PostcodeToDistrict():
                self._district(column, column.rule)
            case SmallAreaToGroups():
                self._groups(column, column.rule)
            case BirthToAge():
                self._age(column, column.rule)
            case TimeToHour():
                self._hour(column, column.rule)

    def _derive(self, to: str, sql: str, of: FeedColumn) -> None:
        given = self.mapping.get(to)
        if to in self.derived:  # two columns lead to one, such as a birth date and a birth month
            sql = f"coalesce({self.outputs[to]}, {sql})"
        elif given is not None:  # what the file itself says goes first
            sql = f"coalesce({self.value(self.feed[to])}, {sql})"
        self.outputs[to] = sql
        self.derived = list(dict.fromkeys((*self.derived, to)))
        if of.name != to:
            self.dropped.append(of.name)

    def _district(self, column: FeedColumn, rule: PostcodeToDistrict) -> None:
        value = self.value(column)
        district = self.worked(f"district of {column.name}", postcode_district(value))
        self._derive(rule.to, district, column)
        self.losses.append(Loss(column=rule.to, reason="the postcode cannot be read", when=f"{value} IS NOT NULL AND {district} IS NULL"))

    def _groups(self, column: FeedColumn, rule: SmallAreaToGroups) -> None:
        code = f"upper({self.value(column)})"
        if self.small_area is not None:  # areas of an earlier census, in a second column: used where the first is empty
            self.small_area = f"coalesce({self.small_area}, {code})"
            self.dropped.append(column.name)
            return
        self.small_area = code
        for to, held in ((rule.decile_to, "area.decile"), (rule.locality_to, "area.locality")):
            self._derive(to, held, column)
            self.groups.append(to)

    def group_losses(self) -> list[Loss]:
        """Groups that a small area did not lead to; made when every column is known."""
        reason = "the small area is not in the lookup" if self.has_lookup else "no lookup of small areas was given (--small-areas)"
        return [Loss(column=to, reason=reason, when=f"{self.small_area} IS NOT NULL AND {self.outputs[to]} IS NULL") for to in self.groups]

    def _age(self, column: FeedColumn, rule: BirthToAge) -> None:
        if rule.on not in self.mapping:
            raise FeedError(f"{column.name} becomes an age on {rule.on}, and the file has no column {rule.on}; have it sent")
        value, on = self.value(column), self.value(self.feed[rule.on])
        age = self.worked(f"age of {column.name}", f"CAST({completed_years(value, on)} AS VARCHAR)")
        self._derive(rule.to, age, column)
        reason = f"no age can be made of {column.name} and {rule.on}"
        self.losses.append(Loss(column=rule.to, reason=reason, when=f"{value} IS NOT NULL AND {self.outputs[rule.to]} IS NULL"))

    def _hour(self, column: FeedColumn, rule: TimeToHour) -> None:
        value = self.value(column)
        self._derive(rule.to, self.worked(f"hour of {column.name}", hour_of_day(value)), column)
        unread = f"{value} IS NOT NULL AND {self.outputs[rule.to]} IS NULL"
        self.losses.append(Loss(column=rule.to, reason="the time cannot be read", when=unread))


def plan_of(feed: Feed, mapping: Mapping[str, str], *, has_lookup: bool) -> Plan:
    """The fate of every column of a file whose canonical names map to sent ones by `mapping`.

    Columns are in the feed's order. Raises FeedError where the feed needs a person and the file names none."""
    draft = _Draft(feed, mapping, has_lookup)
    for column in feed.columns:
        if column.name in mapping:
            draft.add(column)
    draft.kept = [name for name in draft.kept if name not in draft.derived]
    identifiers = tuple(_identifier(draft, to, columns) for to, columns in draft.candidates.items())
    spare = [column.name for columns in draft.candidates.values() for column in columns if column.name not in draft.candidates]
    if feed.table.person and feed.table.person not in draft.candidates:
        raise FeedError(f"the file has no column that names a person, and {feed.name} needs {feed.table.person}; have it sent")
    leak = _leak(draft) if draft.kept else "false"
    activity_date = draft.value(feed[feed.activity_date]) if feed.activity_date else None
    outputs = {identifier.to: identifier.pseudonym for identifier in identifiers} | _without(draft.outputs, draft)
    return Plan(
        outputs=outputs,
        identifiers=identifiers,
        losses=(*draft.losses, *draft.group_losses()),
        kept=tuple(draft.kept),
        derived=(*draft.candidates, *draft.derived),
        dropped=tuple(dict.fromkeys((*draft.dropped, *spare))),
        small_area=draft.small_area,
        known=draft.known,
        worked_out=draft.worked_out,
        activity_date=activity_date,
        kept_text=_kept_text(feed, mapping, draft.kept),
        leak=leak,
    )


def _without(outputs: dict[str, str], draft: _Draft) -> dict[str, str]:
    return {name: sql for name, sql in outputs.items() if name not in draft.candidates}


def _kept_text(feed: Feed, mapping: Mapping[str, str], kept: Sequence[str]) -> str:
    # With its dates' dashes gone a row has mostly none left, and the long text need not be gone through once more. No postcode has one.
    sent = ", ".join(f"replace({quoted(mapping[name])}, '-', '')" if feed[name].type == "date" else quoted(mapping[name]) for name in kept)
    return f"('|' || upper(concat_ws('|', {sent})) || '|')" if kept else "''"


def _leak(draft: _Draft) -> str:
    """SQL: a kept column holds a full postcode, or repeats an identifier of its row, as rows do whose columns have shifted."""
    signs = [f"regexp_matches({KEPT_TEXT}, '{_POSTCODE_AMONG_CODES}')"]
    for column in draft.feed.columns:
        # Dates and years are not looked for: a baby's birth date is its admission date, and a year of birth is a likely count.
        if column.name in draft.mapping and column.direct_identifier and column.type == "string":
            value = draft.worked(f"compact {column.name}", compact(f"upper({draft.value(column)})"))
            around = "''" if is_nhs_number(column) else "'|'"
            signs.append(f"(length({value}) >= {_TELLING} AND contains({KEPT_COMPACT}, {around} || {value} || {around}))")
    return f"coalesce({' OR '.join(signs)}, false)"


def compact(value: str) -> str:
    """SQL: the text without spaces and dashes."""
    return f"replace(replace({value}, ' ', ''), '-', '')"


def compact_if_needed(value: str) -> str:
    """SQL: the same, faster where most texts have neither."""
    return f"(CASE WHEN contains({value}, ' ') OR contains({value}, '-') THEN {compact(value)} ELSE {value} END)"


def _identifier(draft: _Draft, to: str, columns: Sequence[FeedColumn]) -> Identifier:
    # An NHS number is the same everywhere; somebody's pseudonym only where that somebody made it.
    chosen = next((column for column in columns if is_nhs_number(column)), columns[0])
    value = draft.value(chosen)
    kind = IdentifierKind.NHS_NUMBER if is_nhs_number(chosen) else IdentifierKind.SOURCE_PSEUDONYM
    normalised = normalised_nhs_number(value) if kind is IdentifierKind.NHS_NUMBER else value
    alias = quoted(f"identifier of {to}")
    valid = is_valid_nhs_number(alias) if kind is IdentifierKind.NHS_NUMBER else f"{alias} IS NOT NULL"
    target = next((column for column in (*draft.feed.made, *draft.feed.columns) if column.name == to), chosen)
    return Identifier(
        to=to,
        alias=alias,
        pseudonym=quoted(f"pseudonym of {to}"),
        sent=draft.mapping[chosen.name],
        kind=kind,
        normalised=normalised,
        valid=valid,
        may_be_null=chosen.may_be_null and target.may_be_null,
    )


def is_nhs_number(column: FeedColumn) -> bool:
    return column.name.upper() == "NHS_NUMBER"


def known(sent: str, column: FeedColumn) -> str:
    """SQL: the sent column's text, trimmed, or null where it is one of the feed's words for nothing known."""
    nothing = ", ".join(literal(word) for word in sorted({"", *column.null_values}))
    # A list and not IN: DuckDB makes a join of every IN with five values or more, which took most of the time and memory.
    return f"(CASE WHEN list_contains([{nothing}], trim({quoted(sent)})) THEN NULL ELSE trim({quoted(sent)}) END)"


def postcode_district(value: str) -> str:
    """SQL: 'ls6 1aa', 'LS61AA' and 'LS6' are all LS6; null where the value is no postcode."""
    solid = f"regexp_replace(upper({value}), '\\s', '', 'g')"
    return f"nullif(regexp_extract({solid}, '^({_OUTWARD})(?:{_INWARD})?$', 1), '')"


def hour_of_day(value: str) -> str:
    """SQL: the hour, as 0 to 23, of '0915', '09:15', '09:15:00' and a date with such a time; null where the value is none of these."""
    hour = f"regexp_extract({value}, '^(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T])?([01][0-9]|2[0-3])(?::?[0-5][0-9]){{1,2}}(?:\\.0+)?$', 1)"
    return f"CAST(TRY_CAST(nullif({hour}, '') AS TINYINT) AS VARCHAR)"


def day(value: str) -> str:
    """SQL: the date that a text says, in the notations of NHS files; null where it says none."""
    return _parsed(value, _DATE_FORMATS)


def completed_years(birth: str, on: str) -> str:
    """SQL: whole years from a birth date (or HES month of birth) to the day `on`; null where either cannot be read or the
    birth is later. Birth in the very month of `on`, known by the month only, is age 0."""
    born, then = _parsed(birth, _BIRTH_FORMATS), day(on)
    not_yet = f"CAST(month({then}) * 100 + day({then}) < month({born}) * 100 + day({born}) AS INTEGER)"
    return f"(CASE WHEN {born} <= {then} THEN year({then}) - year({born}) - {not_yet} END)"


def _parsed(value: str, formats: Sequence[str]) -> str:
    others = ", ".join(literal(one) for one in formats)
    # The cast reads ISO dates, several times faster than any format; only what it cannot read is tried otherwise.
    return f"coalesce(TRY_CAST({value} AS DATE), CAST(try_strptime({value}, [{others}]) AS DATE))"


def quoted(name: str) -> str:
    """SQL: a column's name."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """SQL: a text."""
    return "'" + text.replace("'", "''") + "'"
