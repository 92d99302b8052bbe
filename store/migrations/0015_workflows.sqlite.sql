-- Workflows: which one a task is pinned to, the phases that it has come to, what they left behind, whom they ask,
-- what CI says of them, and what tasks have to do with one another.
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
-- A task that is done is followed by one other, which goes on from it.
alter table tasks add column follows text references tasks (key);
create unique index tasks_followed_once on tasks (follows) where follows is not null;
-- What whoever asked for it has chosen, and the branch that its work begins from. Without a hash, its workflow is to be
-- read from its repository.
alter table tasks add column base text;
alter table tasks add column model text;
alter table tasks add column effort text;
alter table tasks add column chosen text;

-- What repositories say of how their tasks go: the last good version, and what is wrong with the newest one.
create table repository_workflows (
  project    text    primary key,
  origin     text    not null,
  commit_id  text    not null,
  hash       text    references workflows (hash),
  good_in    text,
  trouble    text,
  since      integer not null
) strict, without rowid;

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
  session_turns    integer not null default 0,
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
create index artifacts_of_task on artifacts (task, id);

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

-- Phases in which the daemon merges what was made into the base branch.
create table merges (
  task         text    not null references tasks (key),
  seq          integer not null,
  phase        text    not null,
  status       text    not null,
  tries        integer not null,
  asked_at     integer not null,
  due_at       integer not null,
  reason       text,
  finished_at  integer,
  primary key (task, seq),
  constraint merges_status_known check (1 = 1),
  constraint merges_finished_when_final check (1 = 1)
) strict, without rowid;
create index merges_due on merges (due_at) where status = 'pending';

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
create index feedback_unheard on feedback (task) where heard_by is null;
alter table runs add column heard integer not null default 0;

-- Calls of the model, as the programs of runs tell of them.
create table turns (
  run                    text    not null references runs (id),
  number                 integer not null,
  model                  text    not null,
  input_tokens           integer not null,
  output_tokens          integer not null,
  cache_read_tokens      integer not null,
  cache_creation_tokens  integer not null,
  reasoning_tokens       integer not null,
  cost_nanos             integer,
  cost_source            text    not null check (cost_source in ('agent', 'priced', 'unpriced', 'unknown')),
  status                 text    not null check (status in ('answered', 'failed')),
  latency_ms             integer,
  request_id             text,
  at                     integer not null,
  primary key (run, number)
) strict, without rowid;
-- How a task stood when a phase ended: what its row does not keep.
create table snapshots (
  task           text    not null references tasks (key),
  seq            integer not null,
  agents         text,
  branch         text,
  commit_id      text,
  events         integer not null,
  run            text,
  runs           integer not null,
  input_tokens   integer not null,
  output_tokens  integer not null,
  cost_nanos     integer not null,
  unpriced       integer not null,
  taken_at       integer not null,
  primary key (task, seq)
) strict, without rowid;

alter table jobs add column repairs integer not null default 0;

-- Between tasks. A job `opens` its task while nobody has ever claimed it: a freeze keeps those from being claimed, and
-- passes every other. The head of each lane is the first entry of its part of this index, by whether it opens.
alter table jobs add column opens integer not null default 0;
update jobs set opens = 1 where fence = 0 and id = (select min(other.id) from jobs as other where other.task = jobs.task);
drop index jobs_ready;
create index jobs_ready on jobs (status, project, agent, free, opens, priority desc, id) where status = 'queued';
-- What a project works on, over all projects that do; whether its tasks go one after another; and how often that line
-- has changed, which everybody who joins or leaves it believes something about.
alter table projects add column repo text;
alter table projects add column serial integer not null default 0;
alter table projects add column line integer not null default 0;
create index projects_by_repo on projects (repo);
create index tasks_unfinished on tasks (project, seq) where finished_at is null;

-- Which task needs which. The number of an edge is the next one that nobody has taken, so that two who add edges at a
-- time, and could close a circle together, cannot both succeed.
create table dependencies (
  id     integer primary key,
  task   text    not null references tasks (key),
  needs  text    not null references tasks (key),
  since  integer not null,
  dropped_at  integer
) strict;
create unique index dependencies_once on dependencies (task, needs) where dropped_at is null;
create index dependencies_by_task on dependencies (task, id);
create index dependencies_by_need on dependencies (needs, task);

-- A freeze lies on a repository. A CHECK is changed here by making the table anew.
create table wide_holds_with_repo (
  scope    text    not null,
  subject  text    not null,
  kind     text    not null,
  reason   text    not null,
  until    integer,
  since    integer not null,
  remedy   text,
  primary key (scope, subject, kind),
  constraint wide_holds_scope_known check (scope in ('project', 'account', 'agent', 'repo', 'all'))
) strict, without rowid;
insert into wide_holds_with_repo (scope, subject, kind, reason, until, since, remedy)
  select scope, subject, kind, reason, until, since, remedy from wide_holds;
drop table wide_holds;
alter table wide_holds_with_repo rename to wide_holds;
create trigger wide_holds_counted_in after insert on wide_holds begin
  insert into counters (kind, name, value) values ('hold', new.kind, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger wide_holds_counted_out after delete on wide_holds begin
  update counters set value = value - 1 where kind = 'hold' and name = old.kind;
end;

delete from migrations where number = 0;
