-- Work of agents that could not be published, and what was looked up of work that was.
--
-- Differs from SQLite in integers.

create table kept (
  id           bigint  generated always as identity primary key,
  task         text    not null references tasks (key),
  project      text    not null,
  run          text,
  name         text    not null,
  ref          text    not null,
  commit_id    text    not null,
  branch       text    not null,
  files        bigint  not null,
  reason       text    not null,
  remedy       text,
  status       text    not null default 'kept',
  kept_at      bigint  not null,
  tell_at      bigint  not null,
  told_at      bigint,
  until        bigint  not null,
  finished_at  bigint,
  constraint kept_status_known check (1 = 1),
  constraint kept_finished_when_final check (1 = 1)
);
-- A name is a ref, so there is one work under it.
create unique index kept_once on kept (task, name) where status = 'kept';
create index kept_by_task on kept (task, id);
create index kept_by_project on kept (project, id);
create index kept_by_status on kept (status, id);

-- How many files the published commit changes, where it was counted.
alter table tasks add column files bigint;
alter table runs add column branch text;
alter table runs add column published_commit text;
alter table runs add column files bigint;

delete from migrations where number = 0;
