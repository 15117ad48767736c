"""farr completeness on a tiny store: who sent too little of which month."""


def test_only_those_who_may_have_sent_too_little_are_shown(public, farr):
    code, whole = farr(public, "completeness", "--months", "2")
    assert code == 0 and "RA0" in whole and "2025-01" in whole
    code, short = farr(public, "completeness", "--months", "2", "--short")
    assert code == 0 and "▼" not in short


def test_a_level_without_months_is_refused_with_those_that_have(public, farr):
    code, said = farr(public, "completeness", "--level", "practice")
    assert code != 0 and "provider, commissioner or region" in " ".join(said.split())


def test_a_data_set_that_is_not_held_is_refused(tiny, farr):
    code, said = farr(tiny, "completeness", "--dataset", "ae_attendance")
    assert code != 0 and "no months of ae_attendance are held" in " ".join(said.split())
