-- Supervision: several holds per job, holds on projects, accounts and agents, accounts, budgets.
--
-- Differs from PostgreSQL in three things: integers, STRICT / WITHOUT ROWID, and the body of triggers.

drop trigger holds_counted_in;
drop trigger holds_counted_over;
drop trigger holds_counted_out;
drop index jobs_held;
drop index jobs_due;
drop index jobs_ready;
alter table jobs drop constraint jobs_held_with_reason;

-- Why a job waits. A job is `held` exactly while it has rows here; the triggers below see to it, whoever writes.
create table job_holds (
  job     integer not null references jobs (id),
  kind    text    not null,
  reason  text    not null,
  until   integer,
  since   integer not null,
  primary key (job, kind)
) strict, without rowid;
insert into job_holds (job, kind, reason, until, since)
  select id, hold_kind, hold_reason, hold_until, created_at from jobs where hold_kind is not null;
create index job_holds_due on job_holds (until) where until is not null;
create index job_holds_by_kind on job_holds (kind, job);

alter table jobs drop column hold_kind;
alter table jobs drop column hold_reason;
alter table jobs drop column hold_until;
alter table jobs add column session_agent text;
-- By which of its agent's routes the newest claim was made.
alter table jobs add column route integer;
update jobs set session_agent = agent where session is not null;
-- The head of each lane (project and agent) is the first entry of its part of this index.
create index jobs_ready on jobs (status, project, agent, priority desc, id) where status = 'queued';

-- Why every job that needs this project, account or agent profile waits.
create table wide_holds (
  scope    text    not null check (scope in ('project', 'account', 'agent')),
  subject  text    not null,
  kind     text    not null,
  reason   text    not null,
  until    integer,
  since    integer not null,
  primary key (scope, subject, kind)
) strict, without rowid;

-- `until` and `rearms` are the memory of cooldowns; they stay when the configuration leaves an account out for a while.
create table accounts (
  name         text    primary key,
  concurrency  integer,
  configured   integer not null,
  until        integer,
  rearms       integer not null default 0
) strict, without rowid;

-- How an agent reaches a model, best first: by which profile (itself, then its fallbacks) and which account of that.
create table routes (
  agent     text    not null,
  position  integer not null,
  via       text    not null,
  account   text    not null,
  primary key (agent, position)
) strict, without rowid;

-- Where jobs were ever queued. Few rows, so that a claim looks at each.
create table lanes (
  project  text not null,
  agent    text not null,
  primary key (project, agent)
) strict, without rowid;
insert into lanes (project, agent) select distinct project, agent from jobs;

-- Why the head of a lane is not claimed, written when the reason changes.
create table refusals (
  project  text    not null,
  agent    text    not null,
  reason   text    not null,
  since    integer not null,
  primary key (project, agent)
) strict, without rowid;

-- Limits as configured; `unit` is nanos (nano-dollars), tokens or runs.
create table budgets (
  project  text    not null,
  scope    text    not null check (scope in ('run', 'phase', 'task', 'project', 'day')),
  unit     text    not null check (unit in ('nanos', 'tokens', 'runs')),
  amount   integer not null,
  primary key (project, scope, unit)
) strict, without rowid;

-- What was used; `subject` is the task's key, '<KEY>/<phase>', '' for a project, or 'YYYY-MM-DD' (UTC) for a day.
create table spend (
  project  text    not null,
  scope    text    not null,
  subject  text    not null,
  unit     text    not null,
  amount   integer not null,
  primary key (project, scope, subject, unit)
) strict, without rowid;
create index spend_by_subject on spend (scope, subject, unit);

-- What people added to limits, by the same subjects.
create table raises (
  project  text    not null,
  scope    text    not null,
  subject  text    not null,
  unit     text    not null,
  amount   integer not null,
  primary key (project, scope, subject, unit)
) strict, without rowid;

alter table runs add column account text;
alter table runs add column reserved_nanos integer not null default 0;
alter table runs add column reserved_tokens integer not null default 0;
-- What of the run's usage is in `spend`.
alter table runs add column used_nanos integer not null default 0;
alter table runs add column used_tokens integer not null default 0;
create index runs_by_session on runs (session) where session is not null;

update runs set
  used_nanos = (select coalesce(sum(cost_nanos), 0) from usage where run = runs.id),
  used_tokens = (select coalesce(sum(input_tokens + output_tokens + cache_creation_tokens + (cache_read_tokens + 9) / 10), 0)
                 from usage where run = runs.id);
insert into spend (project, scope, subject, unit, amount)
select runs.project, scopes.scope,
  case scopes.scope when 'task' then runs.task when 'phase' then runs.task || '/' || runs.phase
    when 'day' then strftime('%Y-%m-%d', coalesce(runs.active_at, runs.claimed_at) / 1000, 'unixepoch') else '' end as subject,
  units.unit,
  sum(case units.unit when 'nanos' then runs.used_nanos when 'tokens' then runs.used_tokens else 1 end)
from runs
cross join (select 'task' as scope union all select 'phase' union all select 'project' union all select 'day') as scopes
cross join (select 'nanos' as unit union all select 'tokens' union all select 'runs') as units
group by runs.project, scopes.scope, subject, units.unit;
delete from counters where kind in ('spend', 'hold');
insert into counters (kind, name, value) select 'hold', kind, count(*) from job_holds group by kind;

create trigger job_holds_hold after insert on job_holds begin
  select raise(abort, 'job_holds: only a job that waits can be held') from jobs
    where id = new.job and status not in ('queued', 'held');
  update jobs set status = 'held' where id = new.job and status = 'queued';
  insert into counters (kind, name, value) values ('hold', new.kind, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger job_holds_release after delete on job_holds begin
  update jobs set status = 'queued'
    where id = old.job and status = 'held' and not exists (select 1 from job_holds where job = old.job);
  update counters set value = value - 1 where kind = 'hold' and name = old.kind;
end;
create trigger jobs_held_with_reason before update of status on jobs
when (new.status = 'held' and not exists (select 1 from job_holds where job = new.id))
  or (old.status = 'held' and new.status = 'queued' and exists (select 1 from job_holds where job = new.id))
begin select raise(abort, 'jobs: a job is held exactly while it has a hold'); end;
create trigger jobs_born_free before insert on jobs when new.status = 'held'
begin select raise(abort, 'jobs: a job is held exactly while it has a hold'); end;
create trigger jobs_forget_holds after update of status on jobs when old.status = 'held' and new.status <> 'queued' begin
  delete from job_holds where job = new.id;
end;
create trigger jobs_make_lanes after insert on jobs begin
  insert into lanes (project, agent) values (new.project, new.agent) on conflict (project, agent) do nothing;
end;
create trigger wide_holds_counted_in after insert on wide_holds begin
  insert into counters (kind, name, value) values ('hold', new.kind, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;
create trigger wide_holds_counted_out after delete on wide_holds begin
  update counters set value = value - 1 where kind = 'hold' and name = old.kind;
end;
