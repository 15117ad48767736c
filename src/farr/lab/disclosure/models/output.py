"""What an estimator gives back, as plain data, with the counts that check.py needs to judge it; and the verdict.

None stands for a count that nobody took: what needs it goes to review. Counts are of people, not of rows."""

from dataclasses import dataclass
from enum import Enum


class ModelKind(Enum):
    """What was fitted. INSTANCES: models that hold records to compare with (nearest neighbours, support vectors, kernels)."""

    LINEAR = "linear regression"
    LOGISTIC = "logistic regression"
    POISSON = "Poisson regression"
    COX = "Cox regression"
    REGRESSION_TREES = "regression trees"
    CLASSIFICATION_TREES = "classification trees"
    INSTANCES = "model of instances"
    OTHER = "other"


class Column(Enum):
    """What a coefficient's column of the design is. LEVEL: 0 or 1 for a level of a category, or for a crossing of levels."""

    INTERCEPT = "intercept"
    CONTINUOUS = "continuous"
    LEVEL = "level"


@dataclass(frozen=True, kw_only=True)
class Contributions:
    """What people's outcomes add up to, regardless of sign, and the two largest parts that one person has in it."""

    total: float
    top1: float
    top2: float


@dataclass(frozen=True, kw_only=True)
class Group:
    """People together: how many, how many of them with and without the event (of a binary outcome, a count or a survival time),
    and what their outcomes add up to (for an outcome that is a quantity or a count)."""

    persons: int | None = None
    events: int | None = None
    non_events: int | None = None
    outcome: Contributions | None = None


@dataclass(frozen=True, kw_only=True)
class Coefficient:
    """`groups`, for a LEVEL: the people of that level, of its reference and, for a crossing, of every level crossed.
    `rests_on`, for a CONTINUOUS column: the people whose value is not the commonest one. A standard error that is not printed is None."""

    name: str
    estimate: float
    standard_error: float | None = None
    column: Column | None = None
    groups: tuple[Group, ...] = ()
    rests_on: int | None = None


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """The people in a leaf; `classes`, for a classification: how many of them are in each class, the empty ones too."""

    people: Group
    classes: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Tree:
    """`fixed_edges`: every split lies at an edge that was fixed beforehand (a band, a level), none between two people's values."""

    leaves: tuple[Leaf, ...]
    fixed_edges: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """Whatever else stands in the output under a name: a figure, a list, a plot. check.py says which names it knows."""

    name: str
    value: object = None


@dataclass(frozen=True, kw_only=True)
class ModelOutput:
    """All that would be shown of one fitted model.

    `binary_outcome`: the outcome has two values, also where a linear regression or a regression tree was fitted to it.
    `parameters`: all that were estimated, those that are not shown and those swept out (fixed effects, strata) among them.
    `residual_dof`: as the estimator counts it, over rows. `design_rows`: how many different rows the design has, and
    `fewest_in_row`: the people in the rarest of them. `largest_leverage`: of one person, the diagonal of the hat matrix added up.
    """

    kind: ModelKind
    everybody: Group
    binary_outcome: bool | None = None
    parameters: int | None = None
    residual_dof: float | None = None
    design_rows: int | None = None
    fewest_in_row: int | None = None
    largest_leverage: float | None = None
    coefficients: tuple[Coefficient, ...] = ()
    trees: tuple[Tree, ...] = ()
    statistics: tuple[Statistic, ...] = ()


class Outcome(Enum):
    """In order of severity. REVIEW: a person trained in output checking decides."""

    ALLOWED = "allowed"
    REVIEW = "review"
    REFUSED = "refused"


def worst(*outcomes: Outcome) -> Outcome:
    """The most severe; REVIEW for none at all."""
    return max(outcomes, key=list(Outcome).index, default=Outcome.REVIEW)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What holds for one part, which is named by its place, for its own name may say too much; and what to do."""

    part: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True, kw_only=True)
class ModelVerdict:
    """One finding a part. The output is allowed only where every part is."""

    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        return worst(*(finding.outcome for finding in self.findings))
