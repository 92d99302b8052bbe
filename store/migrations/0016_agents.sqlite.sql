-- Who plays the roles of a task for which nobody is named: recorded when it begins, so that no later change of the
-- configuration gives it to somebody else. `chosen_agent` is whom it has chosen for that, in place of its project's.
--
-- The same on PostgreSQL.

alter table tasks add column agent text not null default '';
alter table tasks add column chosen_agent text;
update tasks set agent =
  coalesce((select jobs.agent from jobs where jobs.task = tasks.key order by jobs.id limit 1), '');
