-- Spells, continuous stays and readmission within 30 days: the rules of farr.lab.marts (spell, superspell, readmission.re30).
CREATE UNLOGGED TABLE stay AS
WITH finished AS (
    SELECT *, coalesce("Der_Pseudo_NHS_Number", 'episode ' || "APCE_Ident") AS person FROM apc_episode
    WHERE coalesce("Episode_Status", '') <> '1'
), compared AS (
    SELECT *, row_number() OVER ordered AS place,
        NOT (coalesce("Admission_Date" = lag("Admission_Date") OVER ordered, false)
          OR coalesce("Episode_Start_Date" = lag("Episode_Start_Date") OVER ordered, false)
          OR coalesce(lag("Discharge_Method") OVER ordered IN ('8', '9')
                      AND "Episode_Start_Date" = lag("Episode_End_Date") OVER ordered, false)) AS is_first
    FROM finished
    WINDOW ordered AS (PARTITION BY person, "Provider_Code"
                       ORDER BY "Episode_Start_Date", "Episode_End_Date", "Episode_Number", "APCE_Ident")
), numbered AS (
    SELECT *, sum(is_first::int) OVER by_place AS spell_number, coalesce(lead(is_first) OVER by_place, true) AS is_last
    FROM compared WINDOW by_place AS (PARTITION BY person, "Provider_Code" ORDER BY place)
), spell AS (
    SELECT
        max("APCE_Ident") FILTER (WHERE is_first) AS spell_key,
        max("Der_Pseudo_NHS_Number") FILTER (WHERE is_first) AS person,
        max("Provider_Code") FILTER (WHERE is_first) AS provider_as_was,
        max("Commissioner_Code") FILTER (WHERE is_first) AS commissioner_as_was,
        max("GP_Practice_Code") FILTER (WHERE is_first) AS practice_as_was,
        max("Age") FILTER (WHERE is_first) AS age,
        max("Sex") FILTER (WHERE is_first) AS sex,
        max("Admission_Date") FILTER (WHERE is_first) AS admitted,
        max("Admission_Method") FILTER (WHERE is_first) AS method,
        max("Source_of_Admission") FILTER (WHERE is_first) AS source,
        max("Patient_Classification") FILTER (WHERE is_first) AS classification,
        max("Treatment_Function_Code") FILTER (WHERE is_first) AS function,
        max("Diagnosis_01") FILTER (WHERE is_first) AS diagnosis,
        max("Discharge_Date") FILTER (WHERE is_last) AS discharged,
        max("Discharge_Method") FILTER (WHERE is_last) AS discharge_method,
        max("Discharge_Destination") FILTER (WHERE is_last) AS destination,
        (array_agg("Spell_Core_HRG" ORDER BY place) FILTER (WHERE "Spell_Core_HRG" IS NOT NULL))[1] AS hrg,
        count(*) AS episodes,
        greatest(sum(CASE WHEN coalesce("FCE_Group_Status", 'Inc') = 'Exc' THEN 0 ELSE "Episode_End_Date" - "Episode_Start_Date"
            - coalesce("Der_PbR_ACC_Days", 0) - coalesce("Der_PbR_PCC_Days", 0) - coalesce("Der_PbR_NCC_Days", 0)
            - coalesce("Der_SEM_SPC_Days", 0) - coalesce("Der_SEM_Rehab_Days", 0) END), 0)::int AS adjusted_stay,
        bool_or(coalesce("FCE_Unbundled_HRGs", '') ~ '(^|[,; ])(SB|SC)') AS has_therapy,
        bool_or(coalesce("FCE_Unbundled_HRGs", '') ~ '(^|[,; ])LE') AS has_dialysis
    FROM numbered GROUP BY numbered.person, numbered."Provider_Code", spell_number
), managed AS (
    SELECT *, discharged - admitted AS days,
        CASE WHEN classification = '3' THEN 'RDA' WHEN classification = '4' THEN 'RNA'
             WHEN method IN ({elective}) AND classification = '2' THEN 'DC'
             WHEN method IN ({elective}) AND classification = '1' THEN 'EL'
             WHEN method IN ({emergency}) THEN 'EM' WHEN method IN ({other}) THEN 'NE' ELSE 'UNK' END AS management
    FROM spell WHERE discharged IS NOT NULL AND NOT coalesce(discharge_method IN ('8', '9'), false)
), excluded AS (
    SELECT *, coalesce(hrg LIKE 'NZ%', false) OR coalesce(left(diagnosis, 1) IN ({cancer_1}) OR left(diagnosis, 3) IN ({cancer_3}), false)
        OR has_therapy OR has_dialysis OR coalesce(age <= 3, false) AS is_excluded,
        coalesce(classification IN ('3', '4'), false) AS is_regular
    FROM managed
)
SELECT *,
    person IS NOT NULL AND NOT coalesce(discharge_method IN ('2', '4', '5'), false)
        AND NOT coalesce(destination IN ('51', '52', '53', '87'), false) AND NOT is_regular AND NOT is_excluded AS is_index,
    person IS NOT NULL AND management = 'EM' AND NOT coalesce(method IN ('28', '2B') OR source IN ('51', '52', '53', '87'), false)
        AND NOT is_excluded AS is_return
FROM excluded;
CREATE INDEX ON stay (person, admitted) WHERE is_return;
ANALYZE stay;

CREATE UNLOGGED TABLE spell AS
WITH threaded AS (
    SELECT *, CASE WHEN is_regular OR person IS NULL THEN 'spell ' || spell_key ELSE person END AS thread,
        discharged || '|' || coalesce(destination, '') AS ending
    FROM stay
), latest AS (
    SELECT *, max(ending) OVER (PARTITION BY thread ORDER BY admitted, discharged, spell_key
                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest FROM threaded
), begun AS (
    SELECT *, CASE WHEN coalesce(admitted - left(latest, 10)::date <= 2, false)
        AND coalesce(substr(latest, 12) IN ('49', '50', '51', '52', '53', '84') OR source IN ('49', '50', '51', '52', '53', '87')
                     OR method IN ('2B', '81'), false)
        AND NOT coalesce(substr(latest, 12) = '19' AND source = '51' AND method = '21', false) THEN 0 ELSE 1 END AS begins
    FROM latest
), continuous AS (
    SELECT *, sum(begins) OVER (PARTITION BY thread ORDER BY admitted, discharged, spell_key) AS stay_number FROM begun
), keyed AS (
    SELECT *, first_value(spell_key) OVER (PARTITION BY thread, stay_number ORDER BY admitted, discharged, spell_key) AS superspell_key
    FROM continuous
)
SELECT spell_key, superspell_key, person, coalesce(p.follows, provider_as_was) AS provider, provider_as_was,
    coalesce(c.follows, commissioner_as_was) AS commissioner, commissioner_as_was,
    coalesce(g.follows, practice_as_was) AS practice, practice_as_was, pr.region AS provider_region,
    coalesce(cr.region, usual.region) AS region, gr.region AS practice_region,
    age, sex, admitted, method, source, classification, function, diagnosis, discharged, discharge_method, destination, hrg, episodes,
    adjusted_stay, days, days >= 21 AS is_long_stay, management,
    CASE WHEN management = 'EM' AND adjusted_stay < 2 THEN 'NELST' WHEN management = 'EM' THEN 'NEL'
         WHEN management = 'NE' THEN 'NELNE' ELSE management END AS point_of_delivery,
    is_index AS re30_is_index,
    is_index AND EXISTS (
        SELECT FROM stay AS back
        WHERE back.is_return AND back.person = k.person AND back.admitted BETWEEN k.discharged AND k.discharged + 30
          AND (k.admitted, k.discharged, k.spell_key) < (back.admitted, back.discharged, back.spell_key)) AS re30_is_readmitted,
    coalesce(hrg = 'PB03Z', false) OR coalesce(function = '424' AND method IN ('82', '83'), false) AS is_well_baby,
    to_char(discharged, 'YYYY-MM') AS month
FROM keyed AS k
LEFT JOIN current_code AS p ON p.code = provider_as_was
LEFT JOIN current_code AS c ON c.code = commissioner_as_was
LEFT JOIN current_code AS g ON g.code = practice_as_was
LEFT JOIN region_of AS pr ON pr.level = 'provider' AND pr.code = coalesce(p.follows, provider_as_was)
LEFT JOIN region_of AS cr ON cr.level = 'commissioner' AND cr.code = coalesce(c.follows, commissioner_as_was)
LEFT JOIN region_of AS gr ON gr.level = 'practice' AND gr.code = coalesce(g.follows, practice_as_was)
LEFT JOIN usual_region AS usual ON usual.commissioner = coalesce(c.follows, commissioner_as_was);
CREATE INDEX ON spell (month);
ANALYZE spell;
