"""Numbers that the author typed: they are not released figures, and are found so that nobody takes them for such.

Set aside, by these rules and no others: a year from 1900 to 2099, alone or as 2024/25; a date (2024-04, 2024-04-30, 30/04/2024,
30 April, 30 April 2024); a token of capitals followed by digits, as codes are (J18.9, HRG4, COVID-19); a code or title word that
stands in the releases or the page that the text is about (90L, '30-day' of a measure's title); and the 95% and 99.8% of intervals
and limits. A number in words counts where it is plainly a figure: 'twelve per cent', 'two in five'.
"""

import re
import unicodedata
from collections.abc import Collection

_MONTHS = "|".join(
    f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name
    for name in (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    )
)  # fmt: skip
_EDGE = r"(?<![\w.,£$€/%])"
_END = r"(?![\w%/])(?![.,]\d)"
_PATTERNS = (
    _EDGE + r"\d{4}-\d{2}-\d{2}" + _END,
    _EDGE + r"\d{1,2}/\d{1,2}/\d{4}" + _END,
    _EDGE + rf"\d{{1,2}}(?:st|nd|rd|th)?\s(?:{_MONTHS})(?:\s(?:19|20)\d{{2}})?" + _END,
    _EDGE + r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])" + _END,
    _EDGE + r"(?:19|20)\d{2}(?:[/–-](?:(?:19|20)?\d{2}))?" + _END,
    _EDGE + r"[A-Z]{1,8}-?\d[\dA-Z]*(?:\.\d+)?\+?" + _END,
    r"(?<![\w.,])(?:95|99\.8)% (?=(?:confidence )?(?:interval|limit))",
)
_SET_ASIDE = tuple(re.compile(pattern, re.ASCII) for pattern in _PATTERNS)
_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|"
    "thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
)
_UNITS = rf"per cent|percent|percentage points?|times|in (?:{_WORDS})|out of (?:{_WORDS})"
_IN_WORDS = re.compile(rf"\b(?:one|an?|{_WORDS})(?:[- ](?:one|{_WORDS}))*\s(?:{_UNITS})\b", re.I)


def typed_figures(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """The typed figures in a text without placeholders, in order; `known` are codes and names that stand in what the text is about."""
    rest = text
    for phrase in sorted(known, key=len, reverse=True):
        if any(character.isalpha() for character in phrase):
            rest = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", rest)
    for pattern in _SET_ASIDE:
        rest = pattern.sub(" ", rest)
    words = (word.strip(".,;:!?()[]'\"“”‘’*") for word in rest.split())
    in_digits = (word for word in words if any(_is_numeric(character) for character in word))
    return (*in_digits, *(match.group() for match in _IN_WORDS.finditer(rest)))


def _is_numeric(character: str) -> bool:
    """Digits of any script, fractions and superscripts."""
    return unicodedata.category(character) in ("Nd", "No", "Nl")
