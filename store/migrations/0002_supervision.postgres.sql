-- Supervision: several holds per job, holds on projects, accounts and agents, accounts, budgets.
--
-- Differs from SQLite in three things: integers, STRICT / WITHOUT ROWID, and the body of triggers.

drop trigger holds_counted on jobs;
drop function count_hold();
drop index jobs_held;
drop index jobs_due;
drop index jobs_ready;
alter table jobs drop constraint jobs_held_with_reason;

-- Why a job waits. A job is `held` exactly while it has rows here; the triggers below see to it, whoever writes.
create table job_holds (
  job     bigint not null references jobs (id),
  kind    text    not null,
  reason  text    not null,
  until   bigint,
  since   bigint not null,
  primary key (job, kind)
);
insert into job_holds (job, kind, reason, until, since)
  select id, hold_kind, hold_reason, hold_until, created_at from jobs where hold_kind is not null;
create index job_holds_due on job_holds (until) where until is not null;
create index job_holds_by_kind on job_holds (kind, job);

alter table jobs drop column hold_kind;
alter table jobs drop column hold_reason;
alter table jobs drop column hold_until;
alter table jobs add column session_agent text;
-- By which of its agent's routes the newest claim was made.
alter table jobs add column route bigint;
update jobs set session_agent = agent where session is not null;
-- The head of each lane (project and agent) is the first entry of its part of this index.
create index jobs_ready on jobs (status, project, agent, priority desc, id) where status = 'queued';

-- Why every job that needs this project, account or agent profile waits.
create table wide_holds (
  scope    text    not null check (scope in ('project', 'account', 'agent')),
  subject  text    not null,
  kind     text    not null,
  reason   text    not null,
  until    bigint,
  since    bigint not null,
  primary key (scope, subject, kind)
);

-- `until` and `rearms` are the memory of cooldowns; they stay when the configuration leaves an account out for a while.
create table accounts (
  name         text    primary key,
  concurrency  bigint,
  configured   bigint not null,
  until        bigint,
  rearms       bigint not null default 0
);

-- How an agent reaches a model, best first: by which profile (itself, then its fallbacks) and which account of that.
create table routes (
  agent     text    not null,
  position  bigint not null,
  via       text    not null,
  account   text    not null,
  primary key (agent, position)
);

-- Where jobs were ever queued. Few rows, so that a claim looks at each.
create table lanes (
  project  text not null,
  agent    text not null,
  primary key (project, agent)
);
insert into lanes (project, agent) select distinct project, agent from jobs;

-- Why the head of a lane is not claimed, written when the reason changes.
create table refusals (
  project  text    not null,
  agent    text    not null,
  reason   text    not null,
  since    bigint not null,
  primary key (project, agent)
);

-- Limits as configured; `unit` is nanos (nano-dollars), tokens or runs.
create table budgets (
  project  text    not null,
  scope    text    not null check (scope in ('run', 'phase', 'task', 'project', 'day')),
  unit     text    not null check (unit in ('nanos', 'tokens', 'runs')),
  amount   bigint not null,
  primary key (project, scope, unit)
);

-- What was used; `subject` is the task's key, '<KEY>/<phase>', '' for a project, or 'YYYY-MM-DD' (UTC) for a day.
create table spend (
  project  text    not null,
  scope    text    not null,
  subject  text    not null,
  unit     text    not null,
  amount   bigint not null,
  primary key (project, scope, subject, unit)
);
create index spend_by_subject on spend (scope, subject, unit);

-- What people added to limits, by the same subjects.
create table raises (
  project  text    not null,
  scope    text    not null,
  subject  text    not null,
  unit     text    not null,
  amount   bigint not null,
  primary key (project, scope, subject, unit)
);

alter table runs add column account text;
alter table runs add column reserved_nanos bigint not null default 0;
alter table runs add column reserved_tokens bigint not null default 0;
-- What of the run's usage is in `spend`.
alter table runs add column used_nanos bigint not null default 0;
alter table runs add column used_tokens bigint not null default 0;
create index runs_by_session on runs (session) where session is not null;

update runs set
  used_nanos = (select coalesce(sum(cost_nanos), 0) from usage where run = runs.id),
  used_tokens = (select coalesce(sum(input_tokens + output_tokens + cache_creation_tokens + (cache_read_tokens + 9) / 10), 0)
                 from usage where run = runs.id);
insert into spend (project, scope, subject, unit, amount)
select runs.project, scopes.scope,
  case scopes.scope when 'task' then runs.task when 'phase' then runs.task || '/' || runs.phase
    when 'day' then to_char(to_timestamp(coalesce(runs.active_at, runs.claimed_at) / 1000) at time zone 'utc', 'YYYY-MM-DD') else '' end as subject,
  units.unit,
  sum(case units.unit when 'nanos' then runs.used_nanos when 'tokens' then runs.used_tokens else 1 end)
from runs
cross join (select 'task' as scope union all select 'phase' union all select 'project' union all select 'day') as scopes
cross join (select 'nanos' as unit union all select 'tokens' union all select 'runs') as units
group by runs.project, scopes.scope, subject, units.unit;
delete from counters where kind in ('spend', 'hold');
insert into counters (kind, name, value) select 'hold', kind, count(*) from job_holds group by kind;

create function job_held() returns trigger language plpgsql as $$
begin
  if exists (select 1 from jobs where id = new.job and status not in ('queued', 'held')) then
    raise exception 'job_holds: only a job that waits can be held' using errcode = 'check_violation';
  end if;
  update jobs set status = 'held' where id = new.job and status = 'queued';
  perform counted('hold', null, new.kind);
  return null;
end $$;
create trigger job_holds_hold after insert on job_holds for each row execute function job_held();

create function job_released() returns trigger language plpgsql as $$
begin
  update jobs set status = 'queued'
    where id = old.job and status = 'held' and not exists (select 1 from job_holds where job = old.job);
  perform counted('hold', old.kind, null);
  return null;
end $$;
create trigger job_holds_release after delete on job_holds for each row execute function job_released();

create function job_held_with_reason() returns trigger language plpgsql as $$
begin
  if (new.status = 'held' and not exists (select 1 from job_holds where job = new.id))
    or (tg_op = 'UPDATE' and old.status = 'held' and new.status = 'queued'
        and exists (select 1 from job_holds where job = new.id)) then
    raise exception 'jobs: a job is held exactly while it has a hold' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger jobs_held_with_reason before insert or update of status on jobs
  for each row execute function job_held_with_reason();

create function job_forgets_holds() returns trigger language plpgsql as $$
begin
  if old.status = 'held' and new.status <> 'queued' then
    delete from job_holds where job = new.id;
  end if;
  return null;
end $$;
create trigger jobs_forget_holds after update of status on jobs for each row execute function job_forgets_holds();

create function job_makes_lane() returns trigger language plpgsql as $$
begin
  insert into lanes (project, agent) values (new.project, new.agent) on conflict (project, agent) do nothing;
  return null;
end $$;
create trigger jobs_make_lanes after insert on jobs for each row execute function job_makes_lane();

create function count_wide_hold() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform counted('hold', null, new.kind);
  else
    perform counted('hold', old.kind, null);
  end if;
  return null;
end $$;
create trigger wide_holds_counted after insert or delete on wide_holds for each row execute function count_wide_hold();
