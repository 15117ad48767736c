"""What turned since the publication before: measures that became, or ceased to be, further from others than chance explains."""

from collections.abc import Sequence

from farr.lab.desk import plain
from farr.lab.model.showing.page import Overview, Summary


def turned(before: Overview | None, now: Sequence[Summary]) -> tuple[str, ...]:
    """A sentence for each measure whose verdict turned, by title; it says which the earlier publication was, and holds no figure. Where the
    same period is published again and nothing turned, what was said of the measure before still stands. None before: nothing."""
    if before is None:
        return ()
    earlier, present = {each.measure: each for each in before.summaries}, {each.measure: each for each in now}
    titles = {each.measure: each.title for each in (*before.summaries, *now)}
    found: list[str] = []
    for measure in sorted(titles, key=lambda name: (titles[name], name)):
        was, stands, begins = earlier.get(measure), present.get(measure), f"{titles[measure]}: "
        if (said := _sentence(was, stands, plain.day(before.made_at))) is not None:
            found.append(begins + said)
        elif was is not None and stands is not None and was.period == stands.period:
            found += [each for each in before.changes if each.startswith(begins)]
    return tuple(found)


def _sentence(was: Summary | None, now: Summary | None, day: str) -> str | None:
    """None where neither stands out, or both do alike."""
    if was is not None and now is not None:
        if was.verdict == now.verdict or not (was.is_outlier or now.is_outlier):
            return None
        return f"now “{_words(now)}”; in the publication of {day} ({was.period}) it was “{_words(was)}”"
    if now is not None and now.is_outlier:
        return f"now “{_words(now)}”; it was not in the publication of {day}"
    if was is not None and was.is_outlier:
        return f"in the publication of {day} ({was.period}) it was “{_words(was)}”; it is not among what is published now"
    return None


def _words(summary: Summary) -> str:
    return summary.verdict[:1].lower() + summary.verdict[1:]
