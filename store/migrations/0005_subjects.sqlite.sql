-- What an event, or a call to the outside, is about: a task, or something else that has a history. Notices of schedules,
-- accounts, sources and of the daemon itself have no task.
--
-- Differs from PostgreSQL in what it can alter: a key, or a column that is referenced, is changed by making the table
-- anew. The rules of legality go with the old table, so their mark goes, too, and they are put in place again.

-- How many events a subject has; tasks count their own, in their row.
create table subjects (
  kind    text    not null check (kind in ('project', 'schedule', 'account', 'source', 'daemon')),
  name    text    not null,
  events  integer not null,
  primary key (kind, name)
) strict, without rowid;

create table events_of_subjects (
  subject_kind  text    not null check (subject_kind in ('task', 'project', 'schedule', 'account', 'source', 'daemon')),
  subject       text    not null,
  seq           integer not null,
  kind          text    not null,
  key           text,
  data          text    not null,
  at            integer not null,
  primary key (subject_kind, subject, seq)
) strict, without rowid;
insert into events_of_subjects (subject_kind, subject, seq, kind, key, data, at)
  select 'task', task, seq, kind, key, data, at from events;
drop table events;
alter table events_of_subjects rename to events;
create unique index events_once on events (subject_kind, subject, key) where key is not null;
create index events_by_kind on events (subject_kind, subject, kind, at);

create table outbox_of_subjects (
  id            integer primary key,
  subject_kind  text    not null check (subject_kind in ('task', 'project', 'schedule', 'account', 'source', 'daemon')),
  subject       text    not null,
  target        text    not null,
  kind          text    not null,
  payload       text    not null,
  status        text    not null default 'pending',
  tries         integer not null default 0,
  due_at        integer not null,
  error         text,
  created_at    integer not null,
  finished_at   integer,
  constraint outbox_status_known check (1 = 1),
  constraint outbox_finished_when_final check (1 = 1)
) strict;
insert into outbox_of_subjects
  (id, subject_kind, subject, target, kind, payload, status, tries, due_at, error, created_at, finished_at)
  select id, 'task', task, target, kind, payload, status, tries, due_at, error, created_at, finished_at from outbox;
drop table outbox;
alter table outbox_of_subjects rename to outbox;
create index outbox_due on outbox (status, due_at, id) where status = 'pending';
create index outbox_by_status on outbox (status, id);
create index outbox_by_subject on outbox (subject_kind, subject, id);

delete from migrations where number = 0;
