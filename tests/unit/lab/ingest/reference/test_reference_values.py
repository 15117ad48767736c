"""What publishers write in several ways is kept in one; what is no such value is set aside."""

from decimal import Decimal

import pytest

from farr.lab.ingest.feed import FeedError

PRICES = (
    "HRG,HRG Code,HRG name,Year,Outpatient_tariff,Combined,Non_emergency_Tariff,Emergency_Tariff,Day_case_Tariff,Chapter name",
    'AA22C,AA22C,"Stroke, with more",2017/18,0.0,8207.0,0.0,9766.0,0.0,Nervous System',
    "BZ24D,BZ24D,Eye,2017/18,122.0,,2705.0,2800.5,610.0,Eyes",
)


@pytest.mark.parametrize("written", ["2018/19", "2018-19", "201819", "2018/2019"])
def test_a_tariff_year_is_kept_in_one_spelling(shelf, written):
    path = shelf.write("trims.csv", "Tariff_Year,sushrg,elective,emergency", f"{written},AA22C,90,257")
    shelf.load(path)
    assert shelf.rows("hrg_trim_point") == [("2018/19", "AA22C", 90, 257)]


@pytest.mark.parametrize("written", ["2018", "2018/20", "2018/18", "18/19", "1899/00"])
def test_what_is_no_financial_year_is_set_aside(shelf, written):
    path = shelf.write("trims.csv", "Tariff_Year,sushrg,elective,emergency", f"{written},AA22C,90,257")
    with pytest.raises(FeedError, match="not a financial year"):
        shelf.load(path)


def test_the_turn_of_a_century_is_a_financial_year(shelf):
    path = shelf.write("trims.csv", "Tariff_Year,sushrg,elective,emergency", "209900,AA22C,90,257")
    assert shelf.load(path).rows_loaded == 1


def test_a_price_of_nothing_is_no_price(shelf):
    shelf.load(shelf.write("prices.csv", *PRICES))
    stroke, eye = shelf.rows("national_price")
    assert stroke == ("2017/18", "AA22C", "Stroke, with more", "Nervous System", None, Decimal("8207.00"), None, None, Decimal("9766.00"))
    assert eye[4:] == (Decimal("122.00"), None, Decimal("610.00"), Decimal("2705.00"), Decimal("2800.50"))


def test_a_group_priced_twice_in_a_year_is_refused_with_the_file(shelf):
    with pytest.raises(FeedError, match="repeat the key Tariff_Year, HRG_Code"):
        shelf.load(shelf.write("prices.csv", *PRICES, PRICES[1]))


def test_an_organisation_is_no_peer_of_itself(shelf):
    path = shelf.write("peers.csv", "procode,peer", "RZA,RZA", "RZA,RZB", "RZB,RZA")
    report = shelf.load(path, columns={"List_Name": "model_2023"})
    assert [(failure.rule, failure.rows) for failure in report.failures] == [("own peer", 1)]
    assert shelf.rows("peer_list") == [("model_2023", "RZA", "RZB"), ("model_2023", "RZB", "RZA")]


def test_codes_of_a_local_list_lose_their_dots(shelf):
    path = shelf.write("codes.csv", "List_Name,Code,Code_Name", "knees,w40.1,Knee", "knees,M17,Gonarthrosis", "knees,Hello,None")
    report = shelf.load(path)
    assert report.rows_quarantined == 1
    assert shelf.rows("local_code") == [("knees", "M17", "Gonarthrosis"), ("knees", "W401", "Knee")]


def test_sexes_and_bands_of_residents(shelf):
    header = "Mid_Year,Area_Level,Area_Code,Sex,Age_Band,People"
    path = shelf.write("residents.csv", header, "2023,Commissioner,90L,Male,5-9,10", "2023,commissioner,90L,F,95+,2")
    shelf.load(path)
    assert shelf.rows("resident_population") == [
        (2023, "commissioner", "90L", "1", "05-09", 10),
        (2023, "commissioner", "90L", "2", "95+", 2),
    ]


def test_a_projection_of_one_variant_may_have_its_name_stated(shelf):
    header = "Area_Level,Area_Code,Mid_Year,Sex,Age_Band,People"
    path = shelf.write("projection.csv", header, "Commissioner,90L,2030,Male,5-9,10.25", "region,Y91,2030,F,95+,2")
    shelf.load(path, feed="population_projection", columns={"Variant": "principal"})
    assert shelf.rows("population_projection") == [
        ("principal", "commissioner", "90L", 2030, "1", "05-09", 10.25),
        ("principal", "region", "Y91", 2030, "2", "95+", 2.0),
    ]


def test_a_top_band_below_95_is_refused(shelf):
    path = shelf.write("residents.csv", "Mid_Year,Area_Level,Area_Code,Sex,Age_Band,People", "2023,commissioner,90L,1,90+,10")
    with pytest.raises(FeedError, match="five-year age bands"):
        shelf.load(path)


def test_lists_by_single_year_of_age_are_refused_with_the_file_to_load(shelf):
    header = "EXTRACT_DATE,CCG_CODE,ONS_CCG_CODE,ORG_CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
    rows = [f"01APR2024,90L,E38,Z10001,FA1 1AA,MALE,{age},10" for age in ("ALL", *range(95), "95+")]
    with pytest.raises(FeedError, match="gp-reg-pat-prac-quin-age.csv"):
        shelf.load(shelf.write("gp-reg-pat-prac-sing-age-male.csv", header, *rows))
    assert shelf.desk.store.version("registered_population") is None


def test_a_list_without_ages_is_refused(shelf):
    header = "EXTRACT_DATE,ORG_CODE,SEX,NUMBER_OF_PATIENTS"
    with pytest.raises(FeedError, match="no five-year age band"):
        shelf.load(shelf.write("all.csv", header, "01APR2024,Z10001,MALE,10"))


def test_a_plan_keeps_its_month_in_one_spelling_and_none_but_admitted_care(shelf):
    header = "Provider_Code,Commissioner_Code,POD,TFC,Month,Planned_Activity,Planned_Finance"
    path = shelf.write(
        "plan.csv", header, "raa,01a,DC,100,202404,10.5,9000", "RAA,01A,nel,ALL,2024-04-01,4,12000", "RAA,01A,OPFA,100,2024-04,9,900"
    )
    report = shelf.load(path)
    assert [(failure.rule, failure.rows) for failure in report.failures] == [("code list", 1)]
    assert shelf.rows("contract_plan", "Provider_Code", "Point_of_Delivery", "Activity_Month", "Planned_Activity") == [
        ("RAA", "DC", "2024-04", Decimal("10.50")),
        ("RAA", "NEL", "2024-04", Decimal("4.00")),
    ]


def test_a_plan_sent_again_replaces_the_providers_months_and_no_other(shelf):
    header = "Provider_Code,Commissioner_Code,Point_of_Delivery,Treatment_Function_Code,Activity_Month,Planned_Activity,Planned_Finance"
    first = ("RAA,01A,DC,100,2024-04,10,1", "RAA,01A,EL,100,2024-04,5,1", "RAA,01A,DC,100,2024-05,10,1", "RBB,01A,DC,100,2024-04,7,1")
    shelf.load(shelf.write("plan.csv", header, *first))
    shelf.load(shelf.write("again.csv", header, "RAA,01A,DC,100,2024-04,20,2"))
    assert shelf.rows("contract_plan", "Provider_Code", "Point_of_Delivery", "Activity_Month", "Planned_Activity") == [
        ("RAA", "DC", "2024-04", Decimal("20.00")),
        ("RAA", "DC", "2024-05", Decimal("10.00")),
        ("RBB", "DC", "2024-04", Decimal("7.00")),
    ]
