"""What organisations' figures truly are, as far as their own numbers and those of others like them tell: shrinkage.

A figure is its true value and chance: y = θ + e, e normal with the standard error s that its interval says. True values of similar
organisations differ by a standard deviation τ around a mean μ: θ ~ N(μ, τ²). Given both, θ has the mean (1 − B) y + B μ with
B = s² / (s² + τ²): what lies far out mostly for chance is drawn back, by how much is chance in it (regression to the mean). μ and τ are
not known and are drawn too, so that the interval holds what is not known of them (Morris's correction of the naive empirical Bayes
interval, by simulation): the prior of μ is flat, and so is that of τ from 0 up.

Sources: Efron and Morris, Journal of the American Statistical Association 1975;70:311; Morris, JASA 1983;78:47; Marshall and
Spiegelhalter, Statistics in Medicine 1998;17:1649 (league tables); Gelman and others, Bayesian Data Analysis, 3rd ed., 5.4 (the draws);
Gelman, Bayesian Analysis 2006;1:515 (flat τ). From memory: pages were not at hand.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.planning.opportunity.pools import OpportunityError

Floats = npt.NDArray[np.float64]
FEWEST = 4  # organisations: with fewer a flat prior of τ gives no posterior (Gelman 2006)
_PLACES = 400  # at which the posterior of τ is worked out
_WIDE = 6.0  # τ is looked for up to so many standard deviations of the figures


@dataclass(frozen=True, kw_only=True)
class Draws:
    """`true`: draws of each organisation's true figure, shape (organisations, runs); `spread`: of τ, shape (runs,)."""

    true: Floats
    spread: Floats


def draws(figures: Floats, errors: Floats, *, random: np.random.Generator, runs: int) -> Draws:
    """Draws of the true figures; `errors` are standard errors, above nothing. Raises OpportunityError for fewer than FEWEST."""
    if figures.size < FEWEST:
        raise OpportunityError(f"only {figures.size} organisations have figures, and {FEWEST} are needed to tell chance from difference")
    if not (np.all(np.isfinite(figures)) and np.all(errors > 0)):
        raise OpportunityError("a figure or its standard error is not known; leave the organisation out")
    # In units of the spread of the figures, so that nothing hangs on what they are measured in.
    unit = max(float(figures.std()), float(np.median(errors)))
    middle = float(figures.mean())
    y, s = (figures - middle) / unit, errors / unit
    spreads = np.linspace(0.0, _WIDE, _PLACES)
    spread = _drawn(spreads, _log_posterior(y, s, spreads), random, runs)
    mean = _means(y, s, spread) + random.standard_normal(runs) / np.sqrt(_weights(s, spread).sum(axis=1))
    pull = s[:, None] ** 2 / (s[:, None] ** 2 + spread[None, :] ** 2)
    centre = (1.0 - pull) * y[:, None] + pull * mean[None, :]
    true = centre + s[:, None] * np.sqrt(1.0 - pull) * random.standard_normal(centre.shape)
    return Draws(true=middle + unit * true, spread=unit * spread)


def _weights(s: Floats, spread: Floats) -> Floats:
    """Shape (spreads, organisations)."""
    return 1.0 / (s[None, :] ** 2 + spread[:, None] ** 2)


def _means(y: Floats, s: Floats, spread: Floats) -> Floats:
    weights = _weights(s, spread)
    return (weights @ y) / weights.sum(axis=1)


def _log_posterior(y: Floats, s: Floats, spreads: Floats) -> Floats:
    """Of τ, the mean integrated out (Bayesian Data Analysis, equation 5.21, with a flat prior)."""
    weights, means = _weights(s, spreads), _means(y, s, spreads)
    apart = weights * (y[None, :] - means[:, None]) ** 2
    return 0.5 * (np.log(weights).sum(axis=1) - np.log(weights.sum(axis=1)) - apart.sum(axis=1))


def _drawn(places: Floats, logs: Floats, random: np.random.Generator, runs: int) -> Floats:
    """Draws from a density known at even places, straight between them."""
    density = np.exp(logs - logs.max())
    steps = (density[1:] + density[:-1]) / 2
    reached = np.concatenate([[0.0], np.cumsum(steps)])
    return np.interp(random.random(runs), reached / reached[-1], places)
