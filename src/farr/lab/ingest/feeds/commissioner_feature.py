"""What makes commissioners alike: the official input of the Similar 10 method, workbook or CSV."""

from farr.lab.ingest.checks import between, shaped
from farr.lab.ingest.feed import Feed, FeedColumn, kept
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE

_PUBLIC = "Published by NHS England; about no person"


def _share(name: str, alias: str) -> FeedColumn:
    return kept(COMMISSIONER_FEATURE, name, _PUBLIC, aliases=(alias,), needed=True, may_be_null=False, checks=(between(0, 1, "share"),))


FEED = Feed(
    title="Commissioner features",
    description="Deprivation, size, age, rurality and ethnicity of each commissioner's registered people.",
    source="NHS England, 10 Similar CCGs methodology, April 2021",
    table=COMMISSIONER_FEATURE,
    activity_date=None,
    columns=(
        kept(COMMISSIONER_FEATURE, "Commissioner_Code", _PUBLIC, aliases=("CCGCODE",), needed=True, may_be_null=False,
             checks=(shaped("[0-9A-Z]{3,5}", "a commissioner code"),)),
        kept(COMMISSIONER_FEATURE, "Commissioner_Name", _PUBLIC, aliases=("NAME",)),
        kept(COMMISSIONER_FEATURE, "IMD_Score", _PUBLIC, aliases=("IMDSCORE",), needed=True, may_be_null=False,
             checks=(between(0, 100, "score"),)),
        kept(COMMISSIONER_FEATURE, "Population", _PUBLIC, aliases=("POPTOT",), needed=True, may_be_null=False,
             checks=(between(1, 100_000_000, "population"),)),
        _share("Share_Aged_18_39", "POP_18_39"),
        _share("Share_Aged_65_84", "POP_65_84"),
        _share("Share_Aged_85_Plus", "POP_85PLUS"),
        _share("Share_Rural", "PC_POP_RURAL_SPARSE"),
        _share("Share_White_Other", "PC_WHITE_OTHER"),
        _share("Share_Mixed", "PC_MIXED"),
        _share("Share_Asian", "PC_ASIAN"),
        _share("Share_Black", "PC_BLACK"),
        _share("Share_Other_Ethnicity", "PC_OTHERETH"),
    ),
)  # fmt: skip
