-- Organisations as they are, as Farr's marts have them: the last of a chain of single successors, and the region of each.
CREATE TABLE current_code AS
WITH RECURSIVE link AS (
    SELECT "Organisation_Code" AS code, max("Successor_Code") AS follows
    FROM organisation_successor
    WHERE "Organisation_Code" IS NOT NULL AND "Successor_Code" IS NOT NULL AND "Organisation_Code" <> "Successor_Code"
    GROUP BY 1 HAVING count(DISTINCT "Successor_Code") = 1
), chain AS (
    SELECT code, follows, 1 AS hops FROM link
    UNION ALL
    SELECT chain.code, link.follows, hops + 1 FROM chain JOIN link ON chain.follows = link.code WHERE hops < 6
)
SELECT DISTINCT ON (code) code, follows FROM chain ORDER BY code, hops DESC;

CREATE TABLE usual_region AS
WITH fed AS (
    SELECT "Commissioner_Code", "Region_Code", count(*) AS held FROM (
        SELECT "Commissioner_Code", "Region_Code" FROM apc_episode
        UNION ALL SELECT "Commissioner_Code", "Region_Code" FROM op_attendance
        UNION ALL SELECT "Commissioner_Code", "Region_Code" FROM ae_attendance
    ) AS every GROUP BY 1, 2
), now AS (
    SELECT coalesce(follows, "Commissioner_Code") AS commissioner, "Region_Code" AS region, sum(held) AS held
    FROM fed LEFT JOIN current_code ON code = "Commissioner_Code"
    WHERE "Commissioner_Code" IS NOT NULL AND "Region_Code" IS NOT NULL GROUP BY 1, 2
)
SELECT DISTINCT ON (commissioner) commissioner, region FROM now ORDER BY commissioner, held DESC, region;

CREATE TABLE region_of AS
SELECT "Organisation_Level" AS level, "Organisation_Code" AS code, "Region_Code" AS region FROM organisation;
ANALYZE current_code, usual_region, region_of;
