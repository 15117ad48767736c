"""Policy: what may be shown of rows from one source, as a declaration; and how several policies become the strictest."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from farr.lab.model.errors import FarrError


class PolicyError(FarrError, ValueError):
    """A policy that contradicts itself, or policies that cannot be combined; the message says which setting."""


class Rounding(Enum):
    """How a shown figure is rounded to the base. NEAREST: half up (a tie needs an even base). MIDPOINT: to the middle of its
    band, ceil(x/base)·base − base/2, zero staying zero (OpenSAFELY's midpoint-6)."""

    NEAREST = "nearest"
    MIDPOINT = "midpoint"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Counts and contributors of 1 to `threshold` are hidden, with the whole row they stand in.

    `source` cites; `unverified` says what no source confirms. `rounding_base` 1 leaves figures as they are. `token` is the
    number printed in place of a hidden figure (None: a star). `national_exempt`: national figures are neither hidden for
    smallness nor rounded, as long as the audit passes. `secondary`: further rows are hidden where the audit finds a hidden
    figure narrowed. It runs under every policy; where this is False and it fails, further rows are hidden all the same.
    `minimum_contributors` is for sums and means; `p_percent`, `dominance_n` and `dominance_k` (fractions; None: no such rule)
    judge sums, see checks.py. `protection` is the interval that an attacker must be left with for a hidden count.
    Figures above `maximum` are an error. `personal` False: only for tables about no person, shown as they are.
    """

    name: str = ""
    title: str
    source: str
    why: str
    unverified: str
    threshold: int
    zero_shown: bool = True
    rounding_base: int = 1
    rounding: Rounding = Rounding.NEAREST
    token: int | None = None
    national_exempt: bool = False
    secondary: bool = False
    minimum_contributors: int = 1
    p_percent: float | None = None
    dominance_n: int = 1
    dominance_k: float | None = None
    protection: tuple[int, int] | None = None
    maximum: float = math.inf
    personal: bool = True

    def __post_init__(self) -> None:
        if self.threshold < 0 or self.rounding_base < 1 or self.minimum_contributors < 1:
            raise PolicyError(f"policy '{self.title}': threshold, rounding base and contributors cannot be that low")
        if self.dominance_n not in (1, 2):
            raise PolicyError(f"policy '{self.title}': the session gathers the two top contributors, so dominance_n is 1 or 2")
        if self.rounding is Rounding.MIDPOINT and self.rounding_base % 2:
            raise PolicyError(f"policy '{self.title}': midpoint rounding needs an even base")

    @property
    def protected(self) -> tuple[int, int]:
        """The attacker's interval for a hidden count must reach from and to here; by default one beyond the hidden range."""
        return self.protection or (0, self.threshold + 1)

    @property
    def is_exact(self) -> bool:
        """Whether figures are printed as they are."""
        return self.rounding_base == 1

    def rounded(self, value: float) -> float:
        """The figure as printed. Raises PolicyError for a negative figure or one above the maximum, without repeating it."""
        if value < 0 or value > self.maximum:
            raise PolicyError(f"a figure lies outside 0 to {self.maximum:g}, which policy '{self.name}' cannot round")
        if self.is_exact or value == 0:
            return value
        if self.rounding is Rounding.MIDPOINT:
            return math.ceil(value / self.rounding_base) * self.rounding_base - self.rounding_base / 2
        return math.floor(value / self.rounding_base + 0.5) * self.rounding_base

    def preimage(self, printed: float, *, whole: bool) -> tuple[float, float]:
        """The least and greatest figure that is printed as `printed`; `whole` for counts."""
        base = self.rounding_base
        if base == 1:
            return printed, printed
        if self.rounding is Rounding.MIDPOINT:
            bounds = (printed - base / 2 + whole, printed + base / 2) if printed else (0.0, 0.0)
        else:
            bounds = (printed - base / 2, printed + base / 2)
            if whole:
                bounds = (math.ceil(bounds[0]), math.ceil(bounds[1]) - 1)
        return max(bounds[0], 0.0), bounds[1]


def strictest(policies: Sequence[Policy]) -> Policy:
    """One policy, each setting the stricter of those given. Policies for tables about no person are neutral beside others.

    Raises PolicyError for none at all, and where two round in different ways (neither is the stricter)."""
    if not policies:
        raise PolicyError("there is no policy to apply, so nothing may be shown")
    unique = {policy.name: policy for policy in policies}
    about_people = [policy for policy in unique.values() if policy.personal] or list(unique.values())
    if len(about_people) == 1:
        return about_people[0]
    return _combined(sorted(about_people, key=lambda policy: policy.name))


def _combined(policies: list[Policy]) -> Policy:
    names = " + ".join(policy.name for policy in policies)
    roundings = {policy.rounding for policy in policies if policy.rounding_base > 1}
    if len(roundings) > 1:
        raise PolicyError(f"the policies {names} round in different ways, and neither is the stricter; write one that says which")
    return Policy(
        name=names,
        title=" and ".join(policy.title for policy in policies),
        source="; ".join(policy.source for policy in policies),
        why="The strictest of the policies of every source and of the agreement.",
        unverified="; ".join(policy.unverified for policy in policies),
        threshold=max(policy.threshold for policy in policies),
        zero_shown=all(policy.zero_shown for policy in policies),
        rounding_base=max(policy.rounding_base for policy in policies),
        rounding=roundings.pop() if roundings else Rounding.NEAREST,
        token=policies[0].token if len({policy.token for policy in policies}) == 1 else None,
        national_exempt=all(policy.national_exempt for policy in policies),
        secondary=any(policy.secondary for policy in policies),
        minimum_contributors=max(policy.minimum_contributors for policy in policies),
        p_percent=max((policy.p_percent for policy in policies if policy.p_percent is not None), default=None),
        dominance_n=max(policy.dominance_n for policy in policies),
        dominance_k=min((policy.dominance_k for policy in policies if policy.dominance_k is not None), default=None),
        protection=(min(policy.protected[0] for policy in policies), max(policy.protected[1] for policy in policies)),
        maximum=min(policy.maximum for policy in policies),
        personal=any(policy.personal for policy in policies),
    )
