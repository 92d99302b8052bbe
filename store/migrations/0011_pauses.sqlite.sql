-- Pauses: of everything, as a hold whose scope is `all`; and of a task, which its row remembers while a run still ends.
--
-- Differs from PostgreSQL in what it can alter: a CHECK without a name is changed by making the table anew.

create table wide_holds_with_all (
  scope    text    not null,
  subject  text    not null,
  kind     text    not null,
  reason   text    not null,
  until    integer,
  since    integer not null,
  remedy   text,
  primary key (scope, subject, kind),
  constraint wide_holds_scope_known check (scope in ('project', 'account', 'agent', 'all'))
) strict, without rowid;
insert into wide_holds_with_all (scope, subject, kind, reason, until, since, remedy)
  select scope, subject, kind, reason, until, since, remedy from wide_holds;
drop table wide_holds;
alter table wide_holds_with_all rename to wide_holds;
create trigger wide_holds_counted_in after insert on wide_holds begin
  insert into counters (kind, name, value) values ('hold', new.kind, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger wide_holds_counted_out after delete on wide_holds begin
  update counters set value = value - 1 where kind = 'hold' and name = old.kind;
end;

alter table tasks add column paused_at integer;
alter table tasks add column paused_until integer;
-- Those whose pause ends by itself.
create index tasks_pause_due on tasks (paused_until) where paused_until is not null;
