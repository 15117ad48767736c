"""Which codes a user means: a list that Farr carries, a local list that was ingested, or codes as typed."""

import re
from collections.abc import Mapping

from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.model.codelist import CodeList, codelist_names, load_codelist
from farr.lab.model.errors import FarrError
from farr.lab.model.tables.reference import LOCAL_CODE

_CODE = re.compile(r"[A-Z][0-9]{2}[0-9X]{0,2}")


class ChoiceError(FarrError):
    """A choice of codes that cannot be read; the message says what may be typed."""


def chosen_codes(store: Store, choices: Mapping[str, str]) -> dict[str, CodeList]:
    """A code list for each choice. Typed codes are ICD-10 or OPCS-4, parted by spaces or commas, and stand for all below them.
    Raises ChoiceError."""
    return {name: _chosen(store, name, text) for name, text in choices.items()}


def _chosen(store: Store, name: str, text: str) -> CodeList:
    if text in codelist_names():
        return load_codelist(text)
    local = [row for row in read_reference(store, LOCAL_CODE).to_pylist() if row["List_Name"] == text]
    if local:
        return _code_list(
            text, f"list {text}", "local code list, as ingested", {row["Code"]: row["Code_Name"] or row["Code"] for row in local}
        )
    codes = [code.upper().replace(".", "") for code in re.split(r"[\s,]+", text.strip()) if code]
    if not codes or not all(_CODE.fullmatch(code) for code in codes):
        raise ChoiceError(
            f"'{text}' is no {name}: type codes such as K80 or J18.3, the name of a local list (farr ingest FILE, feed local_code), "
            f"or one of: {', '.join(codelist_names())}"
        )
    return _code_list("_".join(codes).lower(), ", ".join(codes), "typed by the user", {code: code for code in codes})


def _code_list(name: str, title: str, source: str, codes: dict[str, str]) -> CodeList:
    return CodeList(name=name, title=title, version="as given", source=source, licence="none", match="prefix", codes=codes)
