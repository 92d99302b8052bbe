-- The first tables. Times are integer milliseconds, money is integer nano-dollars, JSON is text.
--
-- What is said twice, here and in workflow/states.ts, are status literals of partial indexes. The CHECKs named
-- <table>_status_known and <table>_finished_when_final are placeholders: store/legality.ts replaces them, and adds the
-- triggers that refuse illegal moves, whenever a state machine changes.
--
-- Differs from PostgreSQL in three things: identities, STRICT / WITHOUT ROWID, and the body of triggers.

create table deliveries (
  id           integer primary key,
  source       text    not null,
  delivery_id  text    not null,
  header_id    text,
  event        text    not null,
  status       text    not null default 'received',
  reason       text,
  task         text,
  subject      text,
  tries        integer not null default 0,
  not_before   integer not null default 0,
  replay_of    integer,
  received_at  integer not null,
  finished_at  integer,
  -- Last, so that reading the other columns does not walk its overflow pages.
  body         text    not null,
  constraint deliveries_status_known check (1 = 1),
  constraint deliveries_finished_when_final check (1 = 1)
) strict;
create unique index deliveries_identity on deliveries (source, delivery_id);
create index deliveries_due on deliveries (status, not_before, id) where status = 'received';
create index deliveries_by_subject on deliveries (subject, id) where status = 'received' and subject is not null;
create index deliveries_by_status on deliveries (status, id);
create index deliveries_by_source on deliveries (source, id);
create index deliveries_replays on deliveries (replay_of) where replay_of is not null;

-- `seq` is the order of creation, for paging. The key is what everybody else calls the task.
create table tasks (
  seq               integer primary key,
  key               text    not null unique,
  project           text    not null,
  prefix            text    not null,
  number            integer not null check (number > 0),
  title             text    not null,
  url               text,
  author            text,
  status            text    not null,
  reason            text,
  workflow          text    not null,
  priority          integer not null,
  branch            text,
  published_commit  text,
  version           integer not null default 1,
  events            integer not null default 0,
  created_at        integer not null,
  updated_at        integer not null,
  finished_at       integer,
  body              text    not null,
  check (key = prefix || '-' || number),
  constraint tasks_status_known check (1 = 1),
  constraint tasks_finished_when_final check (1 = 1)
) strict;
-- Over the prefix alone: two projects that share one must not build the same key.
create unique index tasks_number on tasks (prefix, number);
create index tasks_by_project on tasks (project, seq);
create index tasks_by_status on tasks (status, seq);
create index tasks_by_branch on tasks (project, branch, seq) where branch is not null;

create table refs (
  project  text not null,
  source   text not null,
  kind     text not null,
  ext_id   text not null,
  task     text not null references tasks (key),
  primary key (project, source, kind, ext_id)
) strict, without rowid;
create index refs_by_task on refs (task);

create table jobs (
  id             integer primary key,
  task           text    not null references tasks (key),
  project        text    not null,
  phase          text    not null,
  agent          text    not null,
  status         text    not null,
  priority       integer not null,
  fence          integer not null default 0,
  run            text,
  hold_kind      text,
  hold_reason    text,
  hold_until     integer,
  attempts       integer not null default 0,
  transients     integer not null default 0,
  interruptions  integer not null default 0,
  session        text,
  failure        text,
  reason         text,
  created_at     integer not null,
  finished_at    integer,
  constraint jobs_held_with_reason check ((status = 'held') = (hold_kind is not null)),
  constraint jobs_status_known check (1 = 1),
  constraint jobs_finished_when_final check (1 = 1)
) strict;
-- A13: one live job per phase of a task.
create unique index jobs_one_live_per_phase on jobs (task, phase) where status in ('queued', 'held', 'running');
-- The head of each project's lane is the first entry of its part of this index.
create index jobs_ready on jobs (status, project, priority desc, id) where status = 'queued';
create index jobs_due on jobs (status, hold_until) where status = 'held' and hold_until is not null;
create index jobs_held on jobs (hold_kind, project) where status = 'held';
create unique index jobs_claimed on jobs (run) where status = 'running';
create index jobs_by_task on jobs (task, id);
create index jobs_by_project on jobs (project, id);
create index jobs_by_status on jobs (status, id);

create table runs (
  seq           integer primary key,
  id            text    not null unique,
  job           integer not null,
  task          text    not null references tasks (key),
  project       text    not null,
  phase         text    not null,
  agent         text    not null,
  backend       text    not null default '',
  model         text,
  effort        text,
  fence         integer not null,
  status        text    not null,
  pid           integer,
  start_ticks   integer,
  pgid          integer,
  leader_ticks  integer,
  boot_id       text,
  session       text,
  log_offset    integer not null default 0,
  transcript    text,
  exit_code     integer,
  signal        text,
  failure       text,
  reason        text,
  summary       text,
  stop          text,
  claimed_at    integer not null,
  started_at    integer,
  active_at     integer,
  exited_at     integer,
  finished_at   integer,
  constraint runs_status_known check (1 = 1),
  constraint runs_finished_when_final check (1 = 1)
) strict;
-- I4: one live run per task, which is per worktree, and so also per job.
create unique index runs_one_live_per_task on runs (task) where status in ('starting', 'running', 'exited');
create index runs_live_by_project on runs (project, status) where status in ('starting', 'running', 'exited');
create index runs_by_task on runs (task, seq);
create index runs_by_project on runs (project, seq);
create index runs_by_status on runs (status, seq);

create table usage (
  run                    text    not null references runs (id),
  model                  text    not null,
  input_tokens           integer not null,
  output_tokens          integer not null,
  cache_read_tokens      integer not null,
  cache_creation_tokens  integer not null,
  reasoning_tokens       integer not null,
  cost_nanos             integer,
  cost_source            text    not null check (cost_source in ('agent', 'priced', 'unpriced', 'unknown')),
  primary key (run, model)
) strict, without rowid;

create table events (
  task  text    not null references tasks (key),
  seq   integer not null,
  kind  text    not null,
  key   text,
  data  text    not null,
  at    integer not null,
  primary key (task, seq)
) strict, without rowid;
create unique index events_once on events (task, key) where key is not null;
create index events_by_kind on events (task, kind, at);

create table outbox (
  id           integer primary key,
  task         text    not null references tasks (key),
  target       text    not null,
  kind         text    not null,
  payload      text    not null,
  status       text    not null default 'pending',
  tries        integer not null default 0,
  due_at       integer not null,
  error        text,
  created_at   integer not null,
  finished_at  integer,
  constraint outbox_status_known check (1 = 1),
  constraint outbox_finished_when_final check (1 = 1)
) strict;
create index outbox_due on outbox (status, due_at, id) where status = 'pending';
create index outbox_by_status on outbox (status, id);
create index outbox_by_task on outbox (task, id);

-- A lane per project. `served` orders the lanes by their last claim; it is a count, because clocks can go back.
-- A project that left the configuration keeps its row, so that what it left queued is found without a scan.
create table projects (
  name         text    primary key,
  concurrency  integer not null,
  configured   integer not null,
  served       integer not null default 0
) strict, without rowid;

-- Exact counts, kept by the triggers below: ('job', 'queued'), ('hold', 'backoff'); and by statements:
-- ('number', '<project>.<PREFIX>') is the highest task number, ('spend', '<YYYY-MM-DD>') nano-dollars of a UTC day.
create table counters (
  kind   text    not null,
  name   text    not null,
  value  integer not null,
  primary key (kind, name)
) strict, without rowid;

create trigger deliveries_counted_in after insert on deliveries begin
  insert into counters (kind, name, value) values ('delivery', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger deliveries_counted_over after update of status on deliveries when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'delivery' and name = old.status;
  insert into counters (kind, name, value) values ('delivery', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger deliveries_counted_out after delete on deliveries begin
  update counters set value = value - 1 where kind = 'delivery' and name = old.status;
end;

create trigger tasks_counted_in after insert on tasks begin
  insert into counters (kind, name, value) values ('task', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger tasks_counted_over after update of status on tasks when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'task' and name = old.status;
  insert into counters (kind, name, value) values ('task', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger tasks_counted_out after delete on tasks begin
  update counters set value = value - 1 where kind = 'task' and name = old.status;
end;

create trigger jobs_counted_in after insert on jobs begin
  insert into counters (kind, name, value) values ('job', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger jobs_counted_over after update of status on jobs when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'job' and name = old.status;
  insert into counters (kind, name, value) values ('job', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger jobs_counted_out after delete on jobs begin
  update counters set value = value - 1 where kind = 'job' and name = old.status;
end;
create trigger holds_counted_in after insert on jobs when new.hold_kind is not null begin
  insert into counters (kind, name, value) values ('hold', new.hold_kind, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger holds_counted_over after update of hold_kind on jobs when old.hold_kind is distinct from new.hold_kind begin
  update counters set value = value - 1 where kind = 'hold' and name = old.hold_kind;
  insert into counters (kind, name, value) select 'hold', new.hold_kind, 1 where new.hold_kind is not null
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger holds_counted_out after delete on jobs when old.hold_kind is not null begin
  update counters set value = value - 1 where kind = 'hold' and name = old.hold_kind;
end;

create trigger runs_counted_in after insert on runs begin
  insert into counters (kind, name, value) values ('run', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger runs_counted_over after update of status on runs when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'run' and name = old.status;
  insert into counters (kind, name, value) values ('run', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger runs_counted_out after delete on runs begin
  update counters set value = value - 1 where kind = 'run' and name = old.status;
end;
