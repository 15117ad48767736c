"""What else moves where a measure is planted: rough, from the invented casemix, and only used to tell what follows from what does not.

For each planted measure the measures that move with it at the organisation where it is planted high (the reverse where low): which way,
and by how much for a relative move of one in the planted measure.
"""

Drag = tuple[str, str, float]

_EMERGENCIES = (
    "emergency_admission_ratio", "emergency_admissions_standardised", "emergency_bed_days", "emergency_short_stays",
    "emergency_spend_per_head", "ambulatory_sensitive_admissions",
)  # fmt: skip
_SPENDING = (
    "spend_per_head", "emergency_spend_per_head", "specialised_spend_per_head", "ae_spend_per_head", "outpatient_spend_per_head",
    "cost_per_episode_group",
)  # fmt: skip


def _stays(strength: float) -> tuple[Drag, ...]:
    """What a longer (or shorter) stay of the same people moves beside the mean."""
    names = ("emergency_length_of_stay", "elective_length_of_stay", "emergency_bed_days", "hip_fracture_stay", "stroke_stay")
    return tuple((name, "high", strength) for name in names)


DRAGS: dict[str, tuple[Drag, ...]] = {
    "length_of_stay": (
        ("excess_bed_days", "high", 2.0), ("long_stay_21_days", "high", 2.0), ("long_stay_bed_days", "high", 2.0),
        ("cost_per_weighted_spell", "high", 0.12), ("emergency_short_stays", "low", 0.4), *_stays(1.0),
    ),
    "excess_bed_days": (
        ("length_of_stay", "high", 0.15), ("long_stay_21_days", "high", 0.5), ("long_stay_bed_days", "high", 0.8),
        ("cost_per_weighted_spell", "high", 0.06), *_stays(0.2),
    ),
    "zero_stay_emergencies": (
        ("length_of_stay", "low", 0.3), ("excess_bed_days", "low", 0.3), ("emergency_short_stays", "high", 0.8),
        ("emergency_length_of_stay", "low", 0.3), ("emergency_bed_days", "low", 0.3), ("long_stay_21_days", "low", 0.3),
        ("long_stay_bed_days", "low", 0.3), ("hospital_mortality", "low", 0.1),
    ),
    "emergency_readmission_30_days": (
        ("emergency_admissions", "high", 0.1), ("emergency_admission_ratio", "high", 0.1),
        ("emergency_admissions_standardised", "high", 0.1), ("readmission_28_days_nhp", "high", 1.0),
        ("readmission_i02040_ratio", "high", 1.0), ("ambulatory_sensitive_admissions", "high", 0.1),
    ),
    "day_case_rate": (
        ("length_of_stay", "high", 0.6), ("excess_bed_days", "high", 0.6), ("elective_length_of_stay", "high", 0.6),
        ("gallbladder_day_case_share", "high", 1.0), ("casemix_index", "low", 0.3), ("hospital_mortality", "high", 0.6),
        ("long_stay_21_days", "high", 0.6),
    ),
    "hernia_day_case_share": (("day_case_rate", "high", 0.05), ("length_of_stay", "high", 0.1)),
    "emergency_admissions": (
        ("length_of_stay", "high", 0.15), ("emergency_readmission_30_days", "high", 0.25), ("readmission_28_days_nhp", "high", 0.25),
        ("readmission_i02040_ratio", "high", 0.25), *((name, "high", 1.0) for name in _EMERGENCIES), ("spend_per_head", "high", 0.5),
        ("ae_conversion", "high", 0.8), ("ae_attendances", "high", 0.2), ("ambulance_arrivals", "high", 0.4),
        ("ae_spend_per_head", "high", 0.3), ("ae_four_hour_performance", "low", 0.08), ("ae_over_twelve_hours", "high", 0.3),
        ("ae_without_treatment", "low", 0.2), ("ae_left_untreated", "low", 0.2), ("hospital_mortality", "high", 0.35),
        ("casemix_index", "high", 0.15), ("depth_of_coding", "high", 0.1), ("long_stay_21_days", "high", 0.3),
        ("long_stay_bed_days", "high", 0.6), ("specialised_activity_share", "low", 0.4), ("excess_bed_days", "high", 0.2),
        ("signs_and_symptoms_primary", "high", 0.3),
    ),
    "unspecified_primary_diagnosis": (("signs_and_symptoms_primary", "high", 0.13),),
    "ambulatory_sensitive_admissions": (("signs_and_symptoms_primary", "low", 0.15), ("zero_stay_emergencies", "low", 0.1)),
    "critical_care_days_per_cabg": (),
    "hospital_mortality": (("hospital_mortality_ratio", "high", 1.0),),
    "long_stay_21_days": (
        ("length_of_stay", "high", 0.15), ("excess_bed_days", "high", 0.8), ("long_stay_bed_days", "high", 1.0),
        ("cost_per_weighted_spell", "high", 0.06), *_stays(0.15),
    ),
    "uncoded_hrg": (),
    "weekend_discharges": (),
    "cost_per_weighted_spell": tuple((name, "high", 1.0) for name in _SPENDING),
    "depth_of_coding": (),
    "signs_and_symptoms_primary": (
        ("ambulatory_sensitive_admissions", "low", 0.2), ("hospital_mortality_ratio", "high", 0.1),
        ("emergency_short_stays", "high", 0.1), ("specialised_activity_share", "low", 0.1),
    ),
    "casemix_index": (*((name, "high", 0.8) for name in _SPENDING), ("excess_bed_days", "low", 1.0)),
    "ae_conversion": (
        ("ae_four_hour_performance", "low", 0.1), ("ae_over_twelve_hours", "high", 0.4), ("ae_without_treatment", "low", 0.2),
        ("ae_left_untreated", "low", 0.2), ("ae_spend_per_head", "high", 0.15), ("ambulance_arrivals", "high", 0.1),
    ),
    "ae_four_hour_performance": (("ae_over_twelve_hours", "low", 3.0),),
    "op_did_not_attend": (("op_first_attendances", "low", 0.08), ("outpatient_spend_per_head", "low", 0.08)),
    "op_follow_up_ratio": (
        ("op_first_attendances", "low", 0.4), ("outpatient_spend_per_head", "low", 0.2),
    ),
}  # fmt: skip
# of the casemix, to make points relative
MEAN_SHARE = {"day_case_rate": 0.83, "hernia_day_case_share": 0.75, "ae_four_hour_performance": 0.77}
