-- Pauses: of everything, as a hold whose scope is `all`; and of a task, which its row remembers while a run still ends.
--
-- Differs from SQLite in what it can alter.

alter table wide_holds drop constraint wide_holds_scope_check;
alter table wide_holds add constraint wide_holds_scope_known check (scope in ('project', 'account', 'agent', 'all'));

alter table tasks add column paused_at bigint;
alter table tasks add column paused_until bigint;
-- Those whose pause ends by itself.
create index tasks_pause_due on tasks (paused_until) where paused_until is not null;
