"""Figures of statements in words: pounds, shares and counts, with their sign where it matters, and * where they are hidden."""

from collections.abc import Mapping

from farr.lab.desk import plain

_MILLION, _BILLION = 1_000_000, 1_000_000_000
_LEAST = 0.5  # pounds: less is nothing
_MANY_BEDS = 100


def pounds(value: float) -> str:
    """'£9,000', '£1.25 million', '£2.10 billion', whatever the sign."""
    size = abs(value)
    if size >= _BILLION:
        return f"£{size / _BILLION:,.2f} billion"
    return f"£{size / _MILLION:,.2f} million" if size >= _MILLION else f"£{size:,.0f}"


def money(value: float | None) -> str:
    """'£9,000', with a minus below nothing; * where it is hidden."""
    return plain.HIDDEN if value is None else f"{'−' if round(value) < 0 else ''}{pounds(value)}"


def signed(value: float | None) -> str:
    """'+£9,000'."""
    return plain.HIDDEN if value is None else f"{'+' if round(value) > 0 else ''}{money(value)}"


def whole(value: float | None, *, sign: str = "") -> str:
    return plain.HIDDEN if value is None else _minus(f"{round(value):{sign},}")


def beds(value: float | None) -> str:
    """Beds: to a tenth below a hundred."""
    return whole(value) if value is None or abs(value) >= _MANY_BEDS else _minus(f"{value:.1f}")


def share(value: float | None) -> str:
    """A share of a change: '+3.4%'."""
    return plain.HIDDEN if value is None else _minus(f"{value:+.1%}") if value else "0%"


def thousands(value: float | None, *, sign: str = "") -> str:
    """Thousands of pounds to a decimal."""
    if value is None:
        return plain.HIDDEN
    if abs(value) < _LEAST:
        return "0"
    return _minus(f"{value / 1000:{sign},.1f}")


def against(variance: float, planned: float) -> str:
    """'£9,000 (3.4%) above plan'."""
    of = f" ({abs(variance) / planned:.1%})" if planned else ""
    return "as planned" if round(variance) == 0 else f"{pounds(variance)}{of} {'above' if variance > 0 else 'below'} plan"


def called(code: str, names: Mapping[str, str]) -> str:
    """The code with its name."""
    return f"{code} {names.get(code, '')}".strip()


def _minus(text: str) -> str:
    return text.replace("-", "−")
