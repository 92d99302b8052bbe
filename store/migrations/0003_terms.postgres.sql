-- What a thing was made under stays with it: a session with its account, a run with its time limit, a project with its
-- budgets and prices.
--
-- Differs from SQLite in integers.

-- A session is on the disk of one account; another one cannot continue it.
alter table jobs add column session_account text;
update jobs set session_account = (
  select account from runs where runs.session = jobs.session and runs.job = jobs.id order by claimed_at desc limit 1
) where session is not null;
-- How long the run may take, in ms: a reload does not change it.
alter table runs add column timeout_ms bigint;
-- A digest of the budgets and prices by which jobs of this project were held last.
alter table projects add column terms text;
