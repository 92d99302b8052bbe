-- Pull requests of tasks, and threads of their reviews that are to be answered.
--
-- Differs from PostgreSQL in STRICT / WITHOUT ROWID.

create table pulls (
  source       text    not null,
  repo         text    not null,
  number       integer not null,
  project      text    not null,
  task         text    not null references tasks (key),
  branch       text    not null,
  url          text    not null,
  status       text    not null,
  is_draft     integer not null check (is_draft in (0, 1)),
  is_ours      integer not null check (is_ours in (0, 1)),
  commit_id    text,
  merged_as    text,
  ended_by     text,
  opened_at    integer not null,
  changed_at   integer not null,
  finished_at  integer,
  primary key (source, repo, number),
  constraint pulls_status_known check (1 = 1),
  constraint pulls_finished_when_final check (1 = 1)
) strict, without rowid;
create index pulls_of_branch on pulls (project, branch, number);
create index pulls_of_task on pulls (task);
create index pulls_open on pulls (project) where status = 'open';

create table pull_threads (
  source       text    not null,
  repo         text    not null,
  number       integer not null,
  comment_id   text    not null,
  task         text    not null references tasks (key),
  author       text    not null,
  path         text    not null,
  line         integer,
  -- Of the newest words about it; which run has heard them is said there.
  feedback     integer not null,
  answered_at  integer,
  primary key (source, repo, number, comment_id)
) strict, without rowid;
create index pull_threads_of_task on pull_threads (task);

-- Whose time it is while a pull request is not to be merged yet.
alter table merges add column waits_for text;
