-- What a person can do about a reason stands in a column of its own; what was written before has it in its reason.
--
-- The same on PostgreSQL.

alter table job_holds add column remedy text;
alter table wide_holds add column remedy text;
alter table refusals add column remedy text;
