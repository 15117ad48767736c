"""What a projection assumes, in words: it travels with every figure."""

from collections.abc import Sequence

from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.settings import Settings
from farr.lab.planning.projection.uncertain import Uncertain


def assumptions(settings: Settings, mitigations: Sequence[Mitigation]) -> list[tuple[str, str]]:
    """Label and text of each."""
    money = f"{_growth(settings.price)}, {_growth(settings.cost)} and {_growth(settings.funding)} a year"
    drivers = [(each.name[:1].upper() + each.name[1:], each) for each in settings.drivers]
    health = f"Life expectancy rises {settings.life_gain:g} years a year, {_share(settings.healthy_share)} of it in health"
    return [
        *((name, f"{_growth(each.factor)} ({each.course.value}). {each.source}.") for name, each in drivers),
        ("Health", f"{health}. Parameters."),
        ("Prices, costs and funding", f"{money}. Parameters."),
        ("Beds", f"Bed days / 365 / {settings.occupancy:.0%} occupied. A stay takes a day more than its nights; day cases take none."),
        ("Variants of people", ", ".join(f"{name} {weight:g}" for name, weight in settings.variants.items())),
        ("Ranges", "10th and 90th percentile of a normal distribution (nhp_model). Counts scatter about what is expected (Poisson)."),
        *((f"Mitigation: {each.name}", _mitigation(each)) for each in mitigations),
    ]


def _mitigation(each: Mitigation) -> str:
    goes = f", to {each.to}" if each.effect is Effect.MOVED else ""
    when = f"from year {each.starts} by equal steps, whole in year {each.full}"
    signed = "" if each.signed_off_by else " Not signed off by a clinician."
    return (
        f"{each.title}: {_share(each.strength)} {each.effect.value}{goes}, {when}. Of: {each.population}. {each.evidence}."
        + (f" Not verified: {each.unverified}" if each.unverified else "")
        + signed
    )


def _growth(factor: Uncertain) -> str:
    if factor.low == factor.high:
        return f"{factor.low - 1:+.2%}"
    return f"{factor.low - 1:+.2%} to {factor.high - 1:+.2%}"


def _share(share: Uncertain) -> str:
    return f"{share.low:.0%}" if share.low == share.high else f"{share.low:.0%} to {share.high:.0%}"
