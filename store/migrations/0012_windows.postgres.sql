-- Windows: schedules that were made by hand, overrides, and when claims may take jobs of a project.
--
-- Differs from SQLite in integers.

-- Those of the configuration are not here.
create table schedules (
  name         text    primary key,
  projects     text,
  start        text    not null,
  duration_ms  bigint  not null,
  days         text    not null,
  timezone     text    not null,
  enabled      bigint  not null,
  concurrency  bigint ,
  model        text,
  effort       text,
  permissions  text,
  on_close     text    not null,
  crash_limit  bigint  not null,
  budget_nanos  bigint ,
  budget_tokens  bigint ,
  budget_runs  bigint 
);

-- The last word on a schedule, of the configuration's as well.
create table overrides (
  schedule  text    primary key,
  verdict   text    not null check (verdict in ('open', 'closed')),
  cause     text    not null check (cause in ('person', 'crash_limit')),
  since     bigint  not null,
  until     bigint  not null,
  said_by   text    not null,
  reason    text
);

-- The stretch in which a project is open: without one it always is, and outside of it never.
alter table projects add column open_from bigint;
alter table projects add column open_until bigint;
-- Agents at work on it in this stretch.
alter table projects add column open_slots bigint;
-- The opening with a budget that runs are counted to which begin in this stretch, and the one that a run began in.
alter table projects add column opening text;
alter table runs add column opening text;

-- What the runs of an opening may use together, and have used.
create table openings (
  opening  text    not null,
  unit     text    not null check (unit in ('nanos', 'tokens', 'runs')),
  amount   bigint  not null,
  used     bigint  not null,
  until    bigint  not null,
  primary key (opening, unit)
);

-- What counts towards the crash limit of a window; the words are those of workflow/faults.ts.
create index runs_crashed on runs (finished_at) where failure in ('stalled', 'runaway', 'crashed', 'agent_error');
