-- Pace: what runs have reported of the periods of their accounts, and how to find what our own runs have used of them.
--
-- Differs from PostgreSQL in integers.

-- The last report of an account and a period, and the last of another task before it.
create table pace_reports (
  account          text    not null,
  per              text    not null check (per in ('5h', 'week', 'month')),
  used_ppm         integer not null,
  resets_at        integer not null,
  reported_at      integer not null,
  task             text    not null,
  other_ppm        integer,
  other_resets_at  integer,
  other_at         integer,
  other_task       text,
  primary key (account, per)
) strict, without rowid;

-- What an account has used since an instant. It is not by account: a claim counts those of an account that live, of which
-- there are few, and would be led through all of them that there ever were.
create index runs_by_claim on runs (claimed_at);

-- Budgets of openings that are spread over them: from when on, until the opening ends.
alter table openings add column spread_from integer;
alter table schedules add column budget_spread integer;
