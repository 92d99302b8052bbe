-- The first tables. Times are integer milliseconds, money is integer nano-dollars, JSON is text.
--
-- What is said twice, here and in workflow/states.ts, are status literals of partial indexes. The CHECKs named
-- <table>_status_known and <table>_finished_when_final are placeholders: store/legality.ts replaces them, and adds the
-- triggers that refuse illegal moves, whenever a state machine changes.
--
-- Differs from SQLite in three things: identities, STRICT / WITHOUT ROWID, and the body of triggers.

create table deliveries (
  id           bigint  generated always as identity primary key,
  source       text    not null,
  delivery_id  text    not null,
  header_id    text,
  event        text    not null,
  status       text    not null default 'received',
  reason       text,
  task         text,
  subject      text,
  tries        bigint  not null default 0,
  not_before   bigint  not null default 0,
  replay_of    bigint,
  received_at  bigint  not null,
  finished_at  bigint,
  body         text    not null,
  constraint deliveries_status_known check (1 = 1),
  constraint deliveries_finished_when_final check (1 = 1)
);
create unique index deliveries_identity on deliveries (source, delivery_id);
create index deliveries_due on deliveries (status, not_before, id) where status = 'received';
create index deliveries_by_subject on deliveries (subject, id) where status = 'received' and subject is not null;
create index deliveries_by_status on deliveries (status, id);
create index deliveries_by_source on deliveries (source, id);
create index deliveries_replays on deliveries (replay_of) where replay_of is not null;

-- `seq` is the order of creation, for paging. The key is what everybody else calls the task.
create table tasks (
  seq               bigint  generated always as identity primary key,
  key               text    not null unique,
  project           text    not null,
  prefix            text    not null,
  number            bigint  not null check (number > 0),
  title             text    not null,
  url               text,
  author            text,
  status            text    not null,
  reason            text,
  workflow          text    not null,
  priority          bigint  not null,
  branch            text,
  published_commit  text,
  version           bigint  not null default 1,
  events            bigint  not null default 0,
  created_at        bigint  not null,
  updated_at        bigint  not null,
  finished_at       bigint,
  body              text    not null,
  check (key = prefix || '-' || number),
  constraint tasks_status_known check (1 = 1),
  constraint tasks_finished_when_final check (1 = 1)
);
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
);
create index refs_by_task on refs (task);

create table jobs (
  id             bigint  generated always as identity primary key,
  task           text    not null references tasks (key),
  project        text    not null,
  phase          text    not null,
  agent          text    not null,
  status         text    not null,
  priority       bigint  not null,
  fence          bigint  not null default 0,
  run            text,
  hold_kind      text,
  hold_reason    text,
  hold_until     bigint,
  attempts       bigint  not null default 0,
  transients     bigint  not null default 0,
  interruptions  bigint  not null default 0,
  session        text,
  failure        text,
  reason         text,
  created_at     bigint  not null,
  finished_at    bigint,
  constraint jobs_held_with_reason check ((status = 'held') = (hold_kind is not null)),
  constraint jobs_status_known check (1 = 1),
  constraint jobs_finished_when_final check (1 = 1)
);
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
  seq           bigint  generated always as identity primary key,
  id            text    not null unique,
  job           bigint  not null,
  task          text    not null references tasks (key),
  project       text    not null,
  phase         text    not null,
  agent         text    not null,
  backend       text    not null default '',
  model         text,
  effort        text,
  fence         bigint  not null,
  status        text    not null,
  pid           bigint,
  start_ticks   bigint,
  pgid          bigint,
  leader_ticks  bigint,
  boot_id       text,
  session       text,
  log_offset    bigint  not null default 0,
  transcript    text,
  exit_code     bigint,
  signal        text,
  failure       text,
  reason        text,
  summary       text,
  stop          text,
  claimed_at    bigint  not null,
  started_at    bigint,
  active_at     bigint,
  exited_at     bigint,
  finished_at   bigint,
  constraint runs_status_known check (1 = 1),
  constraint runs_finished_when_final check (1 = 1)
);
-- I4: one live run per task, which is per worktree, and so also per job.
create unique index runs_one_live_per_task on runs (task) where status in ('starting', 'running', 'exited');
create index runs_live_by_project on runs (project, status) where status in ('starting', 'running', 'exited');
create index runs_by_task on runs (task, seq);
create index runs_by_project on runs (project, seq);
create index runs_by_status on runs (status, seq);

create table usage (
  run                    text    not null references runs (id),
  model                  text    not null,
  input_tokens           bigint  not null,
  output_tokens          bigint  not null,
  cache_read_tokens      bigint  not null,
  cache_creation_tokens  bigint  not null,
  reasoning_tokens       bigint  not null,
  cost_nanos             bigint,
  cost_source            text    not null check (cost_source in ('agent', 'priced', 'unpriced', 'unknown')),
  primary key (run, model)
);

create table events (
  task  text    not null references tasks (key),
  seq   bigint  not null,
  kind  text    not null,
  key   text,
  data  text    not null,
  at    bigint  not null,
  primary key (task, seq)
);
create unique index events_once on events (task, key) where key is not null;
create index events_by_kind on events (task, kind, at);

create table outbox (
  id           bigint  generated always as identity primary key,
  task         text    not null references tasks (key),
  target       text    not null,
  kind         text    not null,
  payload      text    not null,
  status       text    not null default 'pending',
  tries        bigint  not null default 0,
  due_at       bigint  not null,
  error        text,
  created_at   bigint  not null,
  finished_at  bigint,
  constraint outbox_status_known check (1 = 1),
  constraint outbox_finished_when_final check (1 = 1)
);
create index outbox_due on outbox (status, due_at, id) where status = 'pending';
create index outbox_by_status on outbox (status, id);
create index outbox_by_task on outbox (task, id);

-- A lane per project. `served` orders the lanes by their last claim; it is a count, because clocks can go back.
-- A project that left the configuration keeps its row, so that what it left queued is found without a scan.
create table projects (
  name         text    primary key,
  concurrency  bigint  not null,
  configured   bigint  not null,
  served       bigint  not null default 0
);

-- Exact counts, kept by the triggers below: ('job', 'queued'), ('hold', 'backoff'); and by statements:
-- ('number', '<project>.<PREFIX>') is the highest task number, ('spend', '<YYYY-MM-DD>') nano-dollars of a UTC day.
create table counters (
  kind   text    not null,
  name   text    not null,
  value  bigint  not null,
  primary key (kind, name)
);

create function counted(noun text, was text, now text) returns void language plpgsql as $$
begin
  if was is not null then
    update counters set value = value - 1 where kind = noun and name = was;
  end if;
  if now is not null then
    insert into counters (kind, name, value) values (noun, now, 1)
      on conflict (kind, name) do update set value = counters.value + 1;
  end if;
end $$;

create function count_status() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform counted(tg_argv[0], null, new.status);
  elsif tg_op = 'DELETE' then
    perform counted(tg_argv[0], old.status, null);
  elsif old.status <> new.status then
    perform counted(tg_argv[0], old.status, new.status);
  end if;
  return null;
end $$;

create function count_hold() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform counted('hold', null, new.hold_kind);
  elsif tg_op = 'DELETE' then
    perform counted('hold', old.hold_kind, null);
  elsif old.hold_kind is distinct from new.hold_kind then
    perform counted('hold', old.hold_kind, new.hold_kind);
  end if;
  return null;
end $$;

create trigger deliveries_counted after insert or delete or update of status on deliveries
  for each row execute function count_status('delivery');
create trigger tasks_counted after insert or delete or update of status on tasks
  for each row execute function count_status('task');
create trigger jobs_counted after insert or delete or update of status on jobs
  for each row execute function count_status('job');
create trigger runs_counted after insert or delete or update of status on runs
  for each row execute function count_status('run');
create trigger holds_counted after insert or delete or update of hold_kind on jobs
  for each row execute function count_hold();
