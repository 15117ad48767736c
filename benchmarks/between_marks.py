"""Writing what was measured into a document, between its marks."""

from pathlib import Path
from textwrap import wrap

_WIDTH = 140


def write_between_marks(document: Path, text: str) -> None:
    """Replaces what stands between <!-- measured --> and <!-- /measured -->. Ends the program where they are not there."""
    whole = document.read_text(encoding="utf-8")
    before, begin, rest = whole.partition("<!-- measured -->")
    _, end, after = rest.partition("<!-- /measured -->")
    if not begin or not end:
        raise SystemExit(f"{document} has no place for what was measured: <!-- measured --> and <!-- /measured -->")
    document.write_text(f"{before}{begin}\n" + "\n".join(wrap(text, _WIDTH)) + f"\n{end}{after}", encoding="utf-8")
