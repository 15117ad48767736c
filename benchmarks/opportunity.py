"""How often opportunities are found where there are none, and how often their intervals hold the truth: of organisations made up, whose
truth is known, valued as `farr opportunities` does and as the classic way does.

    .venv/bin/python benchmarks/opportunity.py --trials 600

Ten peers and one more; standard errors from 0.7 to 1.4; true values differ by a standard deviation of 0 (nobody differs), 0.5, 1 and 2."""

import argparse

import numpy as np

from farr.lab.planning.opportunity.gain import CERTAIN, differences, summary
from farr.lab.planning.opportunity.shrinkage import draws

_SPREADS, _PEERS, _BEST, _RUNS = (0.0, 0.5, 1.0, 2.0), 10, 5, 600
_PLAIN = 1.959963984540054  # the classic figure is counted where its own 95% interval leaves the norm out


def study(spread: float, trials: int, own: float | None = None, seed: int = 1) -> dict[str, float]:
    """Shares of trials, but for the last three: mean gain counted by either way, and what there was to gain. `own`: the true value of the
    one that is valued; else drawn as those of its peers."""
    random = np.random.default_rng([seed, int(spread * 10)])
    found = dict.fromkeys(("classic finds", "counted", "80% holds", "95% holds", "classic gain", "gain", "truth"), 0.0)
    for _ in range(trials):
        errors, truth = random.uniform(0.7, 1.4, _PEERS + 1), random.normal(0.0, spread, _PEERS + 1)
        if own is not None:
            truth[0] = own
        seen, weights = truth + errors * random.standard_normal(_PEERS + 1), 1 / errors**2
        drawn = draws(seen, errors, random=random, runs=_RUNS)
        gain, plain, true = (
            differences(each, own=0, members=range(1, _PEERS + 1), weights=weights, best=_BEST, sign=1.0)
            for each in (drawn.true, seen[:, None], truth[:, None])
        )
        said, classic = summary(gain), float(plain[0])
        is_significant, is_counted = classic > _PLAIN * errors[0], said.probability >= CERTAIN
        found["classic finds"] += is_significant
        found["counted"] += is_counted
        found["80% holds"] += said.lower_80 <= true[0] <= said.upper_80
        found["95% holds"] += said.lower_95 <= true[0] <= said.upper_95
        found["classic gain"] += classic if is_significant else 0.0
        found["gain"] += said.median if is_counted else 0.0
        found["truth"] += max(0.0, float(true[0]))
    return {name: total / trials for name, total in found.items()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--trials", type=int, default=1000)
    trials = asked.parse_args().trials
    for spread, own in (*((each, None) for each in _SPREADS), (0.5, 3.0)):
        said = ", ".join(f"{name} {value:.3f}" for name, value in study(spread, trials, own).items())
        print(f"spread {spread}{'' if own is None else f', own {own}'}: {said}")


if __name__ == "__main__":
    main()
