-- The agent profile of a window: while it is open, it plays in place of the one that a project names.
--
-- Differs from SQLite in integers, triggers and the kind of a generated column.

alter table schedules add column agent text;
-- Who plays in the stretch in which a project is open; null where that is up to the project.
alter table projects add column open_agent text;

-- Who plays a job unless a window says otherwise; null where its task has chosen, and for jobs of earlier versions.
-- `agent` is who plays it now: a claim in such a window writes it.
alter table jobs add column own_agent text;
-- Whether a window may choose who plays next: a session goes on with whom it has begun.
alter table jobs add column free bigint not null
  generated always as (case when own_agent is null or session is not null then 0 else 1 end) stored;

drop index jobs_ready;
create index jobs_ready on jobs (status, project, agent, free, priority desc, id) where status = 'queued';

create trigger jobs_change_lanes after update of agent on jobs for each row
  when (old.agent <> new.agent) execute function job_makes_lane();
