-- Recurring tasks: how far each schedule has come, and what became of its slots.
--
-- Differs from PostgreSQL in integers.

create table recurring (
  name        text    primary key,
  -- The pattern and its zone, as they were when it was counted from.
  pattern     text    not null,
  configured  integer not null,
  settled_to  integer not null
) strict;

create table recurring_slots (
  schedule    text    not null,
  at          integer not null,
  local       text    not null,
  asked_by    text    not null,
  status      text    not null,
  task        text    references tasks (key),
  reason      text,
  settled_at  integer not null,
  primary key (schedule, at),
  constraint recurring_slots_asked check (asked_by in ('time', 'person')),
  constraint recurring_slots_told check (
    (status = 'fired' and task is not null and reason is null)
    or (status = 'skipped' and task is null and reason is not null)
  )
) strict;
-- The rules of a zone may change: what the clock of the place says is settled once, too.
create unique index recurring_slots_once on recurring_slots (schedule, local);
create index recurring_slots_by_task on recurring_slots (schedule, at) where status = 'fired';
