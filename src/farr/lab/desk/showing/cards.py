"""What a measure and a norm are, for readers."""

from farr.lab.desk import plain
from farr.lab.measures.measure import Measure
from farr.lab.measures.norm import Norm
from farr.lab.model.showing.page import MeasureCard, NormCard


def measure_card(measure: Measure) -> MeasureCard:
    return MeasureCard(
        name=measure.name,
        title=measure.title,
        theme=measure.theme.value,
        kind=measure.kind.value,
        unit=measure.unit,
        decimals=measure.decimals,
        direction=plain.direction(measure),
        definition=measure.definition,
        why=measure.why,
        source=measure.source,
        owner=measure.owner,
        review_date=measure.review_date.isoformat(),
        signed_off_by=measure.signed_off_by,
        choices=measure.choices,
    )


def norm_card(norm: Norm) -> NormCard:
    return NormCard(name=norm.name, title=norm.title, description=norm.definition, options=norm.options, levels=norm.levels)
