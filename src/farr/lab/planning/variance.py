"""Why more or less was paid than planned: more spells, dearer spells, or another price for the same spells.

Source: the three-way split of management accounting (Horngren, Datar and Rajan, Cost Accounting: sales-quantity, sales-mix and
sales-price variance; the book was not at hand, and the formulas are as teaching pages give them): quantity at the planned price, mix as
the actual quantity times what the actual mix costs more at standard prices, price as what was paid beyond standard prices. The standard
price of a spell is here what the tariff's rules come to.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics.arrays import FloatArray, as_floats


@dataclass(frozen=True, kw_only=True)
class Variance:
    """Pounds above plan, each of the shape of the arguments; `volume`, `casemix` and `price` add up to `total`."""

    volume: FloatArray
    casemix: FloatArray
    price: FloatArray
    total: FloatArray


def variance(
    *,
    planned_activity: npt.ArrayLike,
    planned_finance: npt.ArrayLike,
    activity: npt.ArrayLike,
    paid: npt.ArrayLike,
    at_tariff: npt.ArrayLike,
) -> Variance:
    """The pounds `paid` less those planned, split in three; NaN where a figure is.

    volume: (activity - planned activity) x planned average price; casemix: activity x (average tariff price of the actual mix - planned
    average price), which is `at_tariff` (pounds that the same spells come to by the rules) less activity x planned average price; price:
    paid less `at_tariff`. Where no activity was planned there is no planned price: the whole of what was not planned is then volume.
    All arguments are of one shape, in spells and pounds. Raises ValueError for one that is not numbers.
    """
    spells, planned = as_floats("activity", activity), as_floats("planned_activity", planned_activity)
    money, spent, standard = (as_floats(n, v) for n, v in (("planned_finance", planned_finance), ("paid", paid), ("at_tariff", at_tariff)))
    is_planned = planned > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        average = np.where(is_planned, money / np.where(is_planned, planned, 1.0), 0.0)
    volume = np.where(is_planned, (spells - planned) * average, standard - money)
    casemix = np.where(is_planned, standard - spells * average, 0.0 * standard)
    return Variance(volume=volume, casemix=casemix, price=spent - standard, total=spent - money)
