-- Emergency department attendances: the rules of farr.lab.marts.definitions.ae_visit.
CREATE UNLOGGED TABLE visit AS
WITH followed AS (
    SELECT *, coalesce("Attendance_Category" IN ('1', '3'), false) AS is_unplanned,
        lag("Arrival_Date") OVER (PARTITION BY "Der_Pseudo_NHS_Number"
                                  ORDER BY "Arrival_Date", coalesce("Arrival_Hour", -1), "AEA_Ident") AS before
    FROM ae_attendance
)
SELECT a.*, "Der_Pseudo_NHS_Number" AS person, coalesce(p.follows, "Provider_Code") AS provider,
    coalesce(c.follows, "Commissioner_Code") AS commissioner, coalesce(g.follows, "GP_Practice_Code") AS practice,
    pr.region AS provider_region, coalesce(cr.region, usual.region) AS region, gr.region AS practice_region,
    coalesce("Department_Type" = '01', false) AS is_major, "Minutes_to_Departure" <= 240 AS is_within_four_hours,
    "Minutes_to_Departure" > 720 AS is_over_twelve_hours, coalesce("Attendance_Disposal" = '01', false) AS is_admitted,
    coalesce("Attendance_Disposal" IN ('12', '13'), false) AS has_left_untreated,
    "Der_Pseudo_NHS_Number" IS NOT NULL AND is_unplanned AND coalesce("Arrival_Date" - before <= 7, false) AS is_reattendance,
    "Activity_Month" AS month
FROM followed AS a
LEFT JOIN current_code AS p ON p.code = "Provider_Code"
LEFT JOIN current_code AS c ON c.code = "Commissioner_Code"
LEFT JOIN current_code AS g ON g.code = "GP_Practice_Code"
LEFT JOIN region_of AS pr ON pr.level = 'provider' AND pr.code = coalesce(p.follows, "Provider_Code")
LEFT JOIN region_of AS cr ON cr.level = 'commissioner' AND cr.code = coalesce(c.follows, "Commissioner_Code")
LEFT JOIN region_of AS gr ON gr.level = 'practice' AND gr.code = coalesce(g.follows, "GP_Practice_Code")
LEFT JOIN usual_region AS usual ON usual.commissioner = coalesce(c.follows, "Commissioner_Code");
CREATE INDEX ON visit (month);
ANALYZE visit;
