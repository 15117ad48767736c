"""Lists that an organisation keeps for itself: an own list of peers and a few codes, as examples."""

import numpy as np
import pyarrow as pa

_PEERS = 5
_PEER_LIST = "synthetic_alike_in_beds"
# ICD-10, OPCS-4 (names in plain words)
_CODES = {
    "falls_local": {"W01": "Fall on the same level", "W06": "Fall from bed", "W10": "Fall on stairs", "W18": "Other fall on the same level",
                    "W19": "Fall, not said how"},
    "joint_replacement_local": {"W37": "Hip replacement with cement", "W38": "Hip replacement without cement",
                                "W39": "Hip replacement, other",
                                "W40": "Knee replacement with cement", "W42": "Knee replacement, other"},
}  # fmt: skip


def peer_table(features: pa.Table) -> pa.Table:
    """For every trust the five nearest in beds, from the table of features."""
    code, beds = np.array(features["Provider_Code"].to_pylist()), features["Beds"].to_numpy()
    rows = []
    for index, own in enumerate(code):
        order = [each for each in np.argsort(np.abs(beds - beds[index]), kind="stable") if each != index]
        rows += [(_PEER_LIST, str(own), str(code[each])) for each in order[:_PEERS]]
    return pa.table(dict(zip(("List_Name", "Organisation_Code", "Peer_Code"), map(list, zip(*rows, strict=True)), strict=True)))


def local_code_table() -> pa.Table:
    rows = [(name, code, meaning) for name, codes in _CODES.items() for code, meaning in codes.items()]
    return pa.table(dict(zip(("List_Name", "Code", "Code_Name"), map(list, zip(*rows, strict=True)), strict=True)))
