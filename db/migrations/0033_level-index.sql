DROP INDEX "mrr_levels_day";

-- Of a month's customers the largest are kept: made anew at the next turn of the job.
DELETE FROM "margin_months";
DELETE FROM "rollups" WHERE "name" = 'margin_months';
