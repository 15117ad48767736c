-- Outpatient appointments: the rules of farr.lab.marts.definitions.op_appointment.
CREATE UNLOGGED TABLE appointment AS
WITH real AS (SELECT *, NOT coalesce("First_Attendance" = '5', false) AS is_real FROM op_attendance)
SELECT a.*, "Der_Pseudo_NHS_Number" AS person, coalesce(p.follows, "Provider_Code") AS provider,
    coalesce(c.follows, "Commissioner_Code") AS commissioner, coalesce(g.follows, "GP_Practice_Code") AS practice,
    pr.region AS provider_region, coalesce(cr.region, usual.region) AS region, gr.region AS practice_region,
    is_real AND coalesce("Attendance_Status" IN ('5', '6'), false) AS is_attended,
    is_real AND coalesce("Attendance_Status" IN ('3', '7'), false) AS is_not_attended,
    is_real AND coalesce("Attendance_Status" = '2', false) AS is_cancelled_by_patient,
    is_real AND coalesce("Attendance_Status" = '4', false) AS is_cancelled_by_provider,
    coalesce("First_Attendance" IN ('1', '3'), false) AS is_first, coalesce("First_Attendance" IN ('2', '4'), false) AS is_follow_up,
    coalesce("First_Attendance" IN ('3', '4'), false) AS is_remote, coalesce("Referral_Source" = '03', false) AS is_gp_referred,
    "Activity_Month" AS month
FROM real AS a
LEFT JOIN current_code AS p ON p.code = "Provider_Code"
LEFT JOIN current_code AS c ON c.code = "Commissioner_Code"
LEFT JOIN current_code AS g ON g.code = "GP_Practice_Code"
LEFT JOIN region_of AS pr ON pr.level = 'provider' AND pr.code = coalesce(p.follows, "Provider_Code")
LEFT JOIN region_of AS cr ON cr.level = 'commissioner' AND cr.code = coalesce(c.follows, "Commissioner_Code")
LEFT JOIN region_of AS gr ON gr.level = 'practice' AND gr.code = coalesce(g.follows, "GP_Practice_Code")
LEFT JOIN usual_region AS usual ON usual.commissioner = coalesce(c.follows, "Commissioner_Code");
CREATE INDEX ON appointment (month);
ANALYZE appointment;
