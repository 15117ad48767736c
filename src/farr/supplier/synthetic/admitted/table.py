"""Episodes as the feed's columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic import identities
from farr.supplier.synthetic.admitted.arrivals import FIRST
from farr.supplier.synthetic.admitted.casemix import BIRTH, ELECTIVE, MATERNITY, REGULAR, casemix
from farr.supplier.synthetic.admitted.episodes import DIAGNOSES, PROCEDURES, Episodes, codes
from farr.supplier.synthetic.admitted.spells import METHODS, TRANSFER, Spells
from farr.supplier.synthetic.calendar.days import financial_year
from farr.supplier.synthetic.identified import coded, date_column, person_columns, place_columns
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.billing import BillingError, mispriced
from farr.supplier.synthetic.planting.effects import Effects
from farr.supplier.synthetic.sites import site_column
from farr.supplier.synthetic.tariff.prices import excess_price, groups, market_forces, money, stay_price

_PRIVATE_SHARE, _SELF_DISCHARGE_SHARE = 0.005, 0.015
_ADULT_FROM = 16


@dataclass(frozen=True, kw_only=True)
class Billing:
    """The wrong bills of a run, and the number of its first spell, by which they are drawn."""

    errors: tuple[BillingError, ...] = ()
    first_spell: int = 0
    seed: int = 0


BILLED_RIGHT = Billing()


def feed_table(
    rng: np.random.Generator,
    people: People,
    effects: Effects,
    spells: Spells,
    made: Episodes,
    group: np.ndarray,
    first_spell: int,
    errors: Sequence[BillingError] = (),
) -> pa.Table:
    """All columns of the admitted-care feed for some episodes. `group` is the place of each spell's resource group; `first_spell`
    numbers the spells from there on; some bills are wrong as `errors` say.

    As in HES, an episode that does not end its spell has no discharge date and discharge method 8. What a spell costs stands on
    its last episode, and nothing on the others."""
    pounds = stay_cost(
        spells,
        made,
        group,
        effects,
        market_forces(len(people.organisations.provider_code), people.seed),
        Billing(
            errors=tuple(errors),
            first_spell=first_spell,
            seed=people.seed,
        ),
    )
    columns = {
        **_keys(made, first_spell),
        **_person(people, spells, made),
        **_place(people, spells, made),
        "Site_Code": _site(people, spells, made, first_spell),
        **_admission(rng, spells, made),
        **_episode(spells, made),
        **_groups(rng, spells, made, group, effects, pounds),
    }
    return pa.table(columns)


def _keys(made: Episodes, first_spell: int) -> dict[str, pa.Array]:
    spell = made.spell.astype(np.int64) + first_spell
    return {"APCE_Ident": pa.array(spell * 10 + made.number), "APCS_Ident": pa.array(spell).cast(pa.string())}


def _person(people: People, spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    return person_columns(people, spells.person[made.spell], spells.sex[made.spell], spells.birth_day[made.spell])


def _place(people: People, spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    chosen = spells.take(made.spell)
    return place_columns(people, chosen.person, practice=chosen.practice, area=chosen.area, provider=chosen.provider)


def _site(people: People, spells: Spells, made: Episodes, first_spell: int) -> pa.Array:
    """One site a spell."""
    specialties, place = np.unique(casemix().specialty, return_inverse=True)
    spell = made.spell.astype(np.int64)
    services = [str(each) for each in specialties]
    return site_column(people, spells.provider[spell], services, place[spells.pathway[spell]], spell + first_spell)


def _admission(rng: np.random.Generator, spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    spell, stream = made.spell, casemix().stream[spells.pathway]
    draw = rng.random((4, len(spells)))
    source = np.select([spells.kind == TRANSFER, stream == BIRTH, (spells.age > 80) & (draw[0] < 0.12)], [1, 2, 3], 0)
    classification = np.select([stream == "regular", ~spells.ordinary], [2, 1], 0)
    ended = np.select([spells.died, draw[1] < _SELF_DISCHARGE_SHARE * spells.ordinary], [2, 1], 0)
    goes = np.select([spells.died, spells.moved, (spells.age > 80) & (draw[2] < 0.15) & (spells.stay > 0)], [3, 1, 2], 0)
    private = (draw[3] < _PRIVATE_SHARE).astype(np.int8)
    return {
        "Admission_Date": date_column(spells.admitted[spell]),
        "Admission_Method": identities.dictionary(spells.method[spell], [*METHODS, "77"]),
        "Source_of_Admission": identities.dictionary(source[spell], ["19", "51", "79", "54"]),
        "Patient_Classification": identities.dictionary(classification[spell], ["1", "2", "3"]),
        "Administrative_Category": identities.dictionary(private[spell], ["01", "02"]),
        "Discharge_Date": date_column(spells.left[spell], missing=~made.last),
        "Discharge_Method": identities.dictionary(np.where(made.last, ended[spell], 3), ["1", "2", "4", "8"]),
        "Discharge_Destination": identities.dictionary(np.where(made.last, goes[spell], 4), ["19", "51", "54", "79", "98"]),
    }


def _episode(spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    mix, held, pathway = casemix(), codes(), spells.pathway[made.spell]
    specialties, place = np.unique(mix.specialty, return_inverse=True)
    kind = np.select([mix.stream[pathway] == BIRTH, (mix.stream[pathway] == MATERNITY) & _delivers(pathway)], [2, 1], 0)
    specialty = identities.dictionary(place[pathway], [str(each) for each in specialties])
    return {
        "Episode_Number": pa.array(made.number),
        "Episode_Start_Date": date_column(made.start),
        "Episode_End_Date": date_column(made.end),
        "Episode_Status": identities.dictionary(np.zeros(len(made), dtype=np.int8), ["3"]),
        "Episode_Type": identities.dictionary(kind, ["1", "2", "3"]),
        "Main_Specialty_Code": specialty,
        "Treatment_Function_Code": specialty,
        **{f"Diagnosis_{n + 1:02d}": identities.dictionary(made.diagnosis[:, n], held.diagnosis) for n in range(DIAGNOSES)},
        **{f"Procedure_{n + 1:02d}": identities.dictionary(made.procedure[:, n], held.procedure) for n in range(PROCEDURES)},
    }


def _delivers(pathway: np.ndarray) -> np.ndarray:
    return np.array([bool(own) for own in casemix().procedures])[pathway]


def _groups(
    rng: np.random.Generator, spells: Spells, made: Episodes, group: np.ndarray, effects: Effects, pounds: dict[str, np.ndarray]
) -> dict[str, pa.Array]:
    known = groups()
    missing = rng.random(len(spells)) < effects.no_group[spells.provider]
    codes_ = ["", *(str(code) for code in known.code)]
    written = np.where(missing, 0, group + 1)[made.spell]
    chemotherapy = (known.code[group] == "SB97Z").astype(np.int8)
    child = (spells.age[made.spell] < _ADULT_FROM) & (casemix().stream[spells.pathway[made.spell]] != BIRTH)
    return {
        "FCE_HRG": identities.dictionary(written, codes_),
        "FCE_Group_Status": identities.dictionary(made.included.astype(np.int8), ["Exc", "Inc"]),
        "FCE_Unbundled_HRGs": identities.dictionary(chemotherapy[made.spell], ["", "SB12Z"]),
        "Spell_Core_HRG": identities.dictionary(written, codes_),
        "Der_PbR_ACC_Days": _days_column(np.where(child, 0, made.critical_days)),
        "Der_PbR_PCC_Days": _days_column(np.where(child, made.critical_days, 0)),
        "Der_PbR_NCC_Days": _days_column(made.newborn_critical_days),
        "Der_SEM_SPC_Days": _days_column(np.zeros(len(made))),
        "Der_SEM_Rehab_Days": _days_column(made.rehabilitation_days),
        "Service_Line_Code": coded(known.line, group[made.spell]),
        "Programme_of_Care_Code": coded(known.programme, group[made.spell]),
        **{name: money(each[made.spell], missing=~made.last | missing[made.spell]) for name, each in pounds.items()},
    }


def stay_cost(
    spells: Spells, made: Episodes, group: np.ndarray, effects: Effects, factor: np.ndarray, billing: Billing = BILLED_RIGHT
) -> dict[str, np.ndarray]:
    """Pounds of each spell: at tariff, and paid, with what its provider adds of its own and the market forces factor."""
    apart = made.critical_days + made.newborn_critical_days + made.rehabilitation_days
    counted = np.where(made.included, made.end - made.start - apart, 0)
    days = np.bincount(made.spell, weights=counted, minlength=len(spells))
    year = financial_year(spells.left)
    planned = np.isin(casemix().stream[spells.pathway], (ELECTIVE, REGULAR)) & (spells.kind == FIRST)
    tariff = stay_price(group, year=year, planned=planned, ordinary=spells.ordinary) + excess_price(group, days, year)
    tariff = mispriced(billing.errors, spells, group, days, tariff, first_spell=billing.first_spell, seed=billing.seed)
    return {"Tariff_Total": tariff, "Grand_Total": tariff * (effects.price * factor)[spells.provider]}


def _days_column(days: np.ndarray) -> pa.Array:
    return pa.array(days.astype(np.int32))
