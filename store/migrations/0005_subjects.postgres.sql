-- What an event, or a call to the outside, is about: a task, or something else that has a history. Notices of schedules,
-- accounts, sources and of the daemon itself have no task.
--
-- Differs from SQLite in what it can alter.

-- How many events a subject has; tasks count their own, in their row.
create table subjects (
  kind    text    not null check (kind in ('project', 'schedule', 'account', 'source', 'daemon')),
  name    text    not null,
  events  bigint  not null,
  primary key (kind, name)
);

drop index events_once;
drop index events_by_kind;
alter table events drop constraint events_task_fkey;
alter table events drop constraint events_pkey;
alter table events rename column task to subject;
alter table events add column subject_kind text not null default 'task'
  check (subject_kind in ('task', 'project', 'schedule', 'account', 'source', 'daemon'));
alter table events alter column subject_kind drop default;
alter table events add primary key (subject_kind, subject, seq);
create unique index events_once on events (subject_kind, subject, key) where key is not null;
create index events_by_kind on events (subject_kind, subject, kind, at);

drop index outbox_by_task;
alter table outbox drop constraint outbox_task_fkey;
alter table outbox rename column task to subject;
alter table outbox add column subject_kind text not null default 'task'
  check (subject_kind in ('task', 'project', 'schedule', 'account', 'source', 'daemon'));
alter table outbox alter column subject_kind drop default;
create index outbox_by_subject on outbox (subject_kind, subject, id);
