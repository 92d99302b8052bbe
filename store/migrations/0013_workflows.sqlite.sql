-- Workflows: which one a task is pinned to, the phases that it has come to, what they left behind, whom they ask,
-- and what CI says of them.
--
-- Differs from PostgreSQL in integers.

-- As they were checked when a task began with them, by the SHA-256 of that.
create table workflows (
  hash       text    primary key,
  name       text    not null,
  document   text    not null,
  stored_at  integer not null
) strict, without rowid;
-- `agents` is who plays each role, by role.
alter table tasks add column workflow_hash text references workflows (hash);
alter table tasks add column agents text;

create table phases (
  task             text    not null references tasks (key),
  seq              integer not null,
  phase            text    not null,
  role             text    not null,
  agent            text    not null,
  cycle            integer not null,
  pass             integer not null,
  status           text    not null,
  verdict          text,
  artifact         text,
  commit_id        text,
  summary          text,
  trouble          text,
  session          text,
  session_agent    text,
  session_account  text,
  entered_at       integer not null,
  finished_at      integer,
  primary key (task, seq),
  constraint phases_status_known check (1 = 1),
  constraint phases_finished_when_final check (1 = 1)
) strict, without rowid;
-- A task stands in one phase.
create unique index phases_one_open on phases (task) where finished_at is null;

create table artifacts (
  id        integer primary key,
  task      text    not null references tasks (key),
  seq       integer not null,
  phase     text    not null,
  cycle     integer not null,
  run       text    not null,
  path      text    not null,
  sha256    text    not null,
  bytes     integer not null,
  content   text    not null,
  is_valid  integer not null check (is_valid in (0, 1)),
  kept_at   integer not null
) strict;
-- A run leaves one behind.
create unique index artifacts_once on artifacts (task, run);

create table approvals (
  id            integer primary key,
  task          text    not null references tasks (key),
  project       text    not null,
  seq           integer not null,
  phase         text    not null,
  artifact      text,
  commit_id     text,
  status        text    not null,
  votes         text    not null default '[]',
  asked_at      integer not null,
  until         integer,
  decided_by    text,
  decided_from  text,
  reason        text,
  finished_at   integer,
  constraint approvals_status_known check (1 = 1),
  constraint approvals_finished_when_final check (1 = 1)
) strict;
-- Somebody is asked once about a phase that was played.
create unique index approvals_once on approvals (task, seq);
create index approvals_due on approvals (until) where status = 'pending' and until is not null;

-- Phases that wait for what CI says of a commit.
create table ci_waits (
  task         text    not null references tasks (key),
  seq          integer not null,
  phase        text    not null,
  commit_id    text,
  status       text    not null,
  asked_at     integer not null,
  until        integer not null,
  due_at       integer not null,
  reason       text,
  finished_at  integer,
  primary key (task, seq),
  constraint ci_waits_status_known check (1 = 1),
  constraint ci_waits_finished_when_final check (1 = 1)
) strict, without rowid;
create index ci_waits_due on ci_waits (due_at) where status = 'pending';

-- The newest word on each check of a commit, whether a phase waits for it or not.
create table ci_checks (
  task       text    not null references tasks (key),
  commit_id  text    not null,
  name       text    not null,
  status     text    not null check (status in ('pending', 'success', 'failure', 'neutral', 'skipped')),
  url        text,
  summary    text,
  told_at    integer not null,
  primary key (task, commit_id, name)
) strict, without rowid;
-- Forms that agents ask people to fill in, as they were checked. No secret stands here: `secrets` names its file.
create table questions (
  id             integer primary key,
  task           text    not null references tasks (key),
  project        text    not null,
  seq            integer not null,
  phase          text    not null,
  form           text    not null,
  hash           text    not null,
  status         text    not null,
  asked_at       integer not null,
  until          integer,
  answers        text,
  secrets        text,
  answered_by    text,
  answered_from  text,
  finished_at    integer,
  constraint questions_status_known check (1 = 1),
  constraint questions_finished_when_final check (1 = 1)
) strict;
create index questions_of_task on questions (task, id);
-- A task waits for one at a time.
create unique index questions_one_open on questions (task) where status = 'open';
create index questions_due on questions (until) where status = 'open' and until is not null;

create table feedback (
  id         integer primary key,
  task       text    not null references tasks (key),
  said_by    text    not null,
  said_from  text    not null,
  said       text    not null,
  said_at    integer not null,
  heard_by   text
) strict;
create index feedback_of_task on feedback (task, id);
alter table runs add column heard integer not null default 0;

alter table jobs add column repairs integer not null default 0;

delete from migrations where number = 0;
