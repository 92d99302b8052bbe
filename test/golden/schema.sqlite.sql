CREATE TABLE accounts (
  name         text    primary key,
  concurrency  integer,
  configured   integer not null,
  until        integer,
  rearms       integer not null default 0
, reporter text, named_reset integer, confirmations integer not null default 0) strict, without rowid;

CREATE TABLE approvals (
  id            integer primary key,
  task          text    not null references tasks (key),
  project       text    not null,
  seq           integer not null,
  phase         text    not null,
  artifact      text,
  commit_id     text,
  status        text    not null,
  votes         text    not null default '[]',
  asked_at      integer not null,
  until         integer,
  decided_by    text,
  decided_from  text,
  reason        text,
  finished_at   integer, constraint approvals_status_known check (status in ('pending', 'approved', 'rejected', 'aborted', 'expired', 'superseded')), constraint approvals_finished_when_final
  check ((finished_at is not null) = (status in ('approved', 'rejected', 'aborted', 'expired', 'superseded')))) strict;

CREATE INDEX approvals_due on approvals (until) where status = 'pending' and until is not null;

CREATE UNIQUE INDEX approvals_once on approvals (task, seq);

CREATE TRIGGER approvals_moves before update of status on approvals
when old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('approved', 'rejected', 'aborted', 'expired', 'superseded')))
begin select case old.status || ' -> ' || new.status
  when 'approved -> pending' then raise(abort, 'approvals: illegal move approved -> pending')
  when 'approved -> rejected' then raise(abort, 'approvals: illegal move approved -> rejected')
  when 'approved -> aborted' then raise(abort, 'approvals: illegal move approved -> aborted')
  when 'approved -> expired' then raise(abort, 'approvals: illegal move approved -> expired')
  when 'approved -> superseded' then raise(abort, 'approvals: illegal move approved -> superseded')
  when 'rejected -> pending' then raise(abort, 'approvals: illegal move rejected -> pending')
  when 'rejected -> approved' then raise(abort, 'approvals: illegal move rejected -> approved')
  when 'rejected -> aborted' then raise(abort, 'approvals: illegal move rejected -> aborted')
  when 'rejected -> expired' then raise(abort, 'approvals: illegal move rejected -> expired')
  when 'rejected -> superseded' then raise(abort, 'approvals: illegal move rejected -> superseded')
  when 'aborted -> pending' then raise(abort, 'approvals: illegal move aborted -> pending')
  when 'aborted -> approved' then raise(abort, 'approvals: illegal move aborted -> approved')
  when 'aborted -> rejected' then raise(abort, 'approvals: illegal move aborted -> rejected')
  when 'aborted -> expired' then raise(abort, 'approvals: illegal move aborted -> expired')
  when 'aborted -> superseded' then raise(abort, 'approvals: illegal move aborted -> superseded')
  when 'expired -> pending' then raise(abort, 'approvals: illegal move expired -> pending')
  when 'expired -> approved' then raise(abort, 'approvals: illegal move expired -> approved')
  when 'expired -> rejected' then raise(abort, 'approvals: illegal move expired -> rejected')
  when 'expired -> aborted' then raise(abort, 'approvals: illegal move expired -> aborted')
  when 'expired -> superseded' then raise(abort, 'approvals: illegal move expired -> superseded')
  when 'superseded -> pending' then raise(abort, 'approvals: illegal move superseded -> pending')
  when 'superseded -> approved' then raise(abort, 'approvals: illegal move superseded -> approved')
  when 'superseded -> rejected' then raise(abort, 'approvals: illegal move superseded -> rejected')
  when 'superseded -> aborted' then raise(abort, 'approvals: illegal move superseded -> aborted')
  when 'superseded -> expired' then raise(abort, 'approvals: illegal move superseded -> expired')
  else raise(abort, 'approvals: no status of this machine') end;
end;

CREATE TABLE artifacts (
  id        integer primary key,
  task      text    not null references tasks (key),
  seq       integer not null,
  phase     text    not null,
  cycle     integer not null,
  run       text    not null,
  path      text    not null,
  sha256    text    not null,
  bytes     integer not null,
  content   text    not null,
  is_valid  integer not null check (is_valid in (0, 1)),
  kept_at   integer not null
, problems text not null default '[]') strict;

CREATE INDEX artifacts_of_task on artifacts (task, id);

CREATE UNIQUE INDEX artifacts_once on artifacts (task, run);

CREATE TABLE budgets (
  project  text    not null,
  scope    text    not null check (scope in ('run', 'phase', 'task', 'project', 'day')),
  unit     text    not null check (unit in ('nanos', 'tokens', 'runs')),
  amount   integer not null,
  primary key (project, scope, unit)
) strict, without rowid;

CREATE TABLE cards (
  chat           text    not null,
  task           text    not null references tasks (key),
  seen           text    not null default '',
  state          text    not null default '',
  seen_active    integer,
  drawn_at       integer not null default 0,
  due_at         integer not null default 0,
  is_asked       integer not null default 0 check (is_asked in (0, 1)),
  is_settled     integer not null default 0 check (is_settled in (0, 1)),
  primary key (chat, task)
) strict, without rowid;

CREATE INDEX cards_of_task on cards (task);

CREATE INDEX cards_unsettled on cards (chat, due_at) where is_settled = 0;

CREATE TABLE chats (
  chat       text    primary key,
  settings   text    not null,
  moved_to   text,
  newest     text,
  wide       text    not null default '',
  -- Tasks up to here have their cards, and those up to `since_seq` that were finished then never get one.
  since_seq  integer not null,
  after_seq  integer not null,
  closed_at  integer,
  retry_at   integer,
  reason     text,
  remedy     text
) strict, without rowid;

CREATE TABLE ci_checks (
  task       text    not null references tasks (key),
  commit_id  text    not null,
  name       text    not null,
  status     text    not null check (status in ('pending', 'success', 'failure', 'neutral', 'skipped')),
  url        text,
  summary    text,
  told_at    integer not null,
  primary key (task, commit_id, name)
) strict, without rowid;

CREATE TABLE ci_waits (
  task         text    not null references tasks (key),
  seq          integer not null,
  phase        text    not null,
  commit_id    text,
  status       text    not null,
  asked_at     integer not null,
  until        integer not null,
  due_at       integer not null,
  reason       text,
  finished_at  integer,
  primary key (task, seq), constraint ci_waits_status_known check (status in ('pending', 'passed', 'failed', 'expired', 'abandoned')), constraint ci_waits_finished_when_final
  check ((finished_at is not null) = (status in ('passed', 'failed', 'expired', 'abandoned')))) strict, without rowid;

CREATE INDEX ci_waits_due on ci_waits (due_at) where status = 'pending';

CREATE TRIGGER ci_waits_moves before update of status on ci_waits
when old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('passed', 'failed', 'expired', 'abandoned')))
begin select case old.status || ' -> ' || new.status
  when 'passed -> pending' then raise(abort, 'ci_waits: illegal move passed -> pending')
  when 'passed -> failed' then raise(abort, 'ci_waits: illegal move passed -> failed')
  when 'passed -> expired' then raise(abort, 'ci_waits: illegal move passed -> expired')
  when 'passed -> abandoned' then raise(abort, 'ci_waits: illegal move passed -> abandoned')
  when 'failed -> pending' then raise(abort, 'ci_waits: illegal move failed -> pending')
  when 'failed -> passed' then raise(abort, 'ci_waits: illegal move failed -> passed')
  when 'failed -> expired' then raise(abort, 'ci_waits: illegal move failed -> expired')
  when 'failed -> abandoned' then raise(abort, 'ci_waits: illegal move failed -> abandoned')
  when 'expired -> pending' then raise(abort, 'ci_waits: illegal move expired -> pending')
  when 'expired -> passed' then raise(abort, 'ci_waits: illegal move expired -> passed')
  when 'expired -> failed' then raise(abort, 'ci_waits: illegal move expired -> failed')
  when 'expired -> abandoned' then raise(abort, 'ci_waits: illegal move expired -> abandoned')
  when 'abandoned -> pending' then raise(abort, 'ci_waits: illegal move abandoned -> pending')
  when 'abandoned -> passed' then raise(abort, 'ci_waits: illegal move abandoned -> passed')
  when 'abandoned -> failed' then raise(abort, 'ci_waits: illegal move abandoned -> failed')
  when 'abandoned -> expired' then raise(abort, 'ci_waits: illegal move abandoned -> expired')
  else raise(abort, 'ci_waits: no status of this machine') end;
end;

CREATE TABLE counters (
  kind   text    not null,
  name   text    not null,
  value  integer not null,
  primary key (kind, name)
) strict, without rowid;

CREATE TABLE deliveries (
  id           integer primary key,
  source       text    not null,
  delivery_id  text    not null,
  header_id    text,
  event        text    not null,
  status       text    not null default 'received',
  reason       text,
  task         text,
  subject      text,
  tries        integer not null default 0,
  not_before   integer not null default 0,
  replay_of    integer,
  received_at  integer not null,
  finished_at  integer,
  -- Last, so that reading the other columns does not walk its overflow pages.
  body         text    not null, change_key text, constraint deliveries_status_known check (status in ('received', 'processed', 'ignored', 'failed')), constraint deliveries_finished_when_final
  check ((finished_at is not null) = (status in ('processed', 'ignored', 'failed')))) strict;

CREATE INDEX deliveries_by_source on deliveries (source, id);

CREATE INDEX deliveries_by_status on deliveries (status, id);

CREATE INDEX deliveries_by_subject on deliveries (subject, id) where status = 'received' and subject is not null;

CREATE INDEX deliveries_due_by_source on deliveries (source, not_before, id) where status = 'received';

CREATE UNIQUE INDEX deliveries_identity on deliveries (source, delivery_id);

CREATE INDEX deliveries_of_change on deliveries (source, change_key) where change_key is not null;

CREATE INDEX deliveries_replays on deliveries (replay_of) where replay_of is not null;

CREATE TRIGGER deliveries_counted_in after insert on deliveries begin
  insert into counters (kind, name, value) values ('delivery', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER deliveries_counted_out after delete on deliveries begin
  update counters set value = value - 1 where kind = 'delivery' and name = old.status;
end;

CREATE TRIGGER deliveries_counted_over after update of status on deliveries when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'delivery' and name = old.status;
  insert into counters (kind, name, value) values ('delivery', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER deliveries_moves before update of status on deliveries
when old.status <> new.status and not (
  (old.status = 'received' and new.status in ('processed', 'ignored', 'failed')))
begin select case old.status || ' -> ' || new.status
  when 'processed -> received' then raise(abort, 'deliveries: illegal move processed -> received')
  when 'processed -> ignored' then raise(abort, 'deliveries: illegal move processed -> ignored')
  when 'processed -> failed' then raise(abort, 'deliveries: illegal move processed -> failed')
  when 'ignored -> received' then raise(abort, 'deliveries: illegal move ignored -> received')
  when 'ignored -> processed' then raise(abort, 'deliveries: illegal move ignored -> processed')
  when 'ignored -> failed' then raise(abort, 'deliveries: illegal move ignored -> failed')
  when 'failed -> received' then raise(abort, 'deliveries: illegal move failed -> received')
  when 'failed -> processed' then raise(abort, 'deliveries: illegal move failed -> processed')
  when 'failed -> ignored' then raise(abort, 'deliveries: illegal move failed -> ignored')
  else raise(abort, 'deliveries: no status of this machine') end;
end;

CREATE TABLE dependencies (
  id     integer primary key,
  task   text    not null references tasks (key),
  needs  text    not null references tasks (key),
  since  integer not null,
  dropped_at  integer
, source text) strict;

CREATE INDEX dependencies_by_need on dependencies (needs, task);

CREATE INDEX dependencies_by_task on dependencies (task, id);

CREATE UNIQUE INDEX dependencies_once on dependencies (task, needs) where dropped_at is null;

CREATE TABLE "events" (
  subject_kind  text    not null check (subject_kind in ('task', 'project', 'schedule', 'account', 'source', 'daemon')),
  subject       text    not null,
  seq           integer not null,
  kind          text    not null,
  key           text,
  data          text    not null,
  at            integer not null,
  primary key (subject_kind, subject, seq)
) strict, without rowid;

CREATE INDEX events_by_kind on events (subject_kind, subject, kind, at);

CREATE UNIQUE INDEX events_once on events (subject_kind, subject, key) where key is not null;

CREATE TABLE faces (
  task       text    not null references tasks (key),
  source     text    not null,
  aspect     text    not null,
  place      text    not null,
  item       text    not null,
  wish       text    not null,
  -- Hashes of the wish and of the one that is known to stand there; nobody knows while a call is being made.
  wished     text    not null,
  told       text,
  is_open    integer not null default 1 check (is_open in (0, 1)),
  remote     text,
  url        text,
  error      text,
  wished_at  integer not null,
  told_at    integer,
  due_at     integer not null default 0,
  primary key (task, source, aspect)
) strict, without rowid;

CREATE INDEX faces_open on faces (due_at) where is_open = 1;

CREATE TABLE feedback (
  id         integer primary key,
  task       text    not null references tasks (key),
  said_by    text    not null,
  said_from  text    not null,
  said       text    not null,
  said_at    integer not null,
  heard_by   text
) strict;

CREATE INDEX feedback_of_task on feedback (task, id);

CREATE INDEX feedback_unheard on feedback (task) where heard_by is null;

CREATE TABLE item_contexts (
  task    text    primary key references tasks (key),
  -- JSON: `ItemContext` of workflow/outside/context.ts.
  context text    not null,
  read_at integer not null
) strict, without rowid;

CREATE TABLE job_holds (
  job     integer not null references jobs (id),
  kind    text    not null,
  reason  text    not null,
  until   integer,
  since   integer not null, remedy text,
  primary key (job, kind)
) strict, without rowid;

CREATE INDEX job_holds_by_kind on job_holds (kind, job);

CREATE INDEX job_holds_due on job_holds (until) where until is not null;

CREATE TRIGGER job_holds_hold after insert on job_holds begin
  select raise(abort, 'job_holds: only a job that waits can be held') from jobs
    where id = new.job and status not in ('queued', 'held');
  update jobs set status = 'held' where id = new.job and status = 'queued';
  insert into counters (kind, name, value) values ('hold', new.kind, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER job_holds_release after delete on job_holds begin
  update jobs set status = 'queued'
    where id = old.job and status = 'held' and not exists (select 1 from job_holds where job = old.job);
  update counters set value = value - 1 where kind = 'hold' and name = old.kind;
end;

CREATE TABLE jobs (
  id             integer primary key,
  task           text    not null references tasks (key),
  project        text    not null,
  phase          text    not null,
  agent          text    not null,
  status         text    not null,
  priority       integer not null,
  fence          integer not null default 0,
  run            text,
  attempts       integer not null default 0,
  transients     integer not null default 0,
  interruptions  integer not null default 0,
  session        text,
  failure        text,
  reason         text,
  created_at     integer not null,
  finished_at    integer, session_agent text, route integer, session_account text, own_agent text, free integer not null
  generated always as (case when own_agent is null or session is not null then 0 else 1 end) virtual, repairs integer not null default 0, opens integer not null default 0, constraint jobs_status_known check (status in ('queued', 'held', 'running', 'done', 'failed', 'cancelled')), constraint jobs_finished_when_final
  check ((finished_at is not null) = (status in ('done', 'failed', 'cancelled')))) strict;

CREATE INDEX jobs_by_project on jobs (project, id);

CREATE INDEX jobs_by_status on jobs (status, id);

CREATE INDEX jobs_by_task on jobs (task, id);

CREATE UNIQUE INDEX jobs_claimed on jobs (run) where status = 'running';

CREATE UNIQUE INDEX jobs_one_live_per_phase on jobs (task, phase) where status in ('queued', 'held', 'running');

CREATE INDEX jobs_ready on jobs (status, project, agent, free, opens, priority desc, id) where status = 'queued';

CREATE TRIGGER jobs_born_free before insert on jobs when new.status = 'held'
begin select raise(abort, 'jobs: a job is held exactly while it has a hold'); end;

CREATE TRIGGER jobs_change_lanes after update of agent on jobs when old.agent <> new.agent begin
  insert into lanes (project, agent) values (new.project, new.agent) on conflict (project, agent) do nothing;
end;

CREATE TRIGGER jobs_counted_in after insert on jobs begin
  insert into counters (kind, name, value) values ('job', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER jobs_counted_out after delete on jobs begin
  update counters set value = value - 1 where kind = 'job' and name = old.status;
end;

CREATE TRIGGER jobs_counted_over after update of status on jobs when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'job' and name = old.status;
  insert into counters (kind, name, value) values ('job', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER jobs_forget_holds after update of status on jobs when old.status = 'held' and new.status <> 'queued' begin
  delete from job_holds where job = new.id;
end;

CREATE TRIGGER jobs_held_with_reason before update of status on jobs
when (new.status = 'held' and not exists (select 1 from job_holds where job = new.id))
  or (old.status = 'held' and new.status = 'queued' and exists (select 1 from job_holds where job = new.id))
begin select raise(abort, 'jobs: a job is held exactly while it has a hold'); end;

CREATE TRIGGER jobs_make_lanes after insert on jobs begin
  insert into lanes (project, agent) values (new.project, new.agent) on conflict (project, agent) do nothing;
end;

CREATE TRIGGER jobs_moves before update of status on jobs
when old.status <> new.status and not (
  (old.status = 'queued' and new.status in ('held', 'running', 'failed', 'cancelled')) or
  (old.status = 'held' and new.status in ('queued', 'failed', 'cancelled')) or
  (old.status = 'running' and new.status in ('done', 'queued', 'failed', 'cancelled')))
begin select case old.status || ' -> ' || new.status
  when 'queued -> done' then raise(abort, 'jobs: illegal move queued -> done')
  when 'held -> running' then raise(abort, 'jobs: illegal move held -> running')
  when 'held -> done' then raise(abort, 'jobs: illegal move held -> done')
  when 'running -> held' then raise(abort, 'jobs: illegal move running -> held')
  when 'done -> queued' then raise(abort, 'jobs: illegal move done -> queued')
  when 'done -> held' then raise(abort, 'jobs: illegal move done -> held')
  when 'done -> running' then raise(abort, 'jobs: illegal move done -> running')
  when 'done -> failed' then raise(abort, 'jobs: illegal move done -> failed')
  when 'done -> cancelled' then raise(abort, 'jobs: illegal move done -> cancelled')
  when 'failed -> queued' then raise(abort, 'jobs: illegal move failed -> queued')
  when 'failed -> held' then raise(abort, 'jobs: illegal move failed -> held')
  when 'failed -> running' then raise(abort, 'jobs: illegal move failed -> running')
  when 'failed -> done' then raise(abort, 'jobs: illegal move failed -> done')
  when 'failed -> cancelled' then raise(abort, 'jobs: illegal move failed -> cancelled')
  when 'cancelled -> queued' then raise(abort, 'jobs: illegal move cancelled -> queued')
  when 'cancelled -> held' then raise(abort, 'jobs: illegal move cancelled -> held')
  when 'cancelled -> running' then raise(abort, 'jobs: illegal move cancelled -> running')
  when 'cancelled -> done' then raise(abort, 'jobs: illegal move cancelled -> done')
  when 'cancelled -> failed' then raise(abort, 'jobs: illegal move cancelled -> failed')
  else raise(abort, 'jobs: no status of this machine') end;
end;

CREATE TABLE kept (
  id           integer primary key,
  task         text    not null references tasks (key),
  project      text    not null,
  run          text,
  name         text    not null,
  ref          text    not null,
  commit_id    text    not null,
  branch       text    not null,
  files        integer not null,
  reason       text    not null,
  remedy       text,
  status       text    not null default 'kept',
  kept_at      integer not null,
  tell_at      integer not null,
  told_at      integer,
  until        integer not null,
  finished_at  integer, constraint kept_status_known check (status in ('kept', 'published', 'included', 'dropped', 'expired')), constraint kept_finished_when_final
  check ((finished_at is not null) = (status in ('published', 'included', 'dropped', 'expired')))) strict;

CREATE INDEX kept_by_project on kept (project, id);

CREATE INDEX kept_by_status on kept (status, id);

CREATE INDEX kept_by_task on kept (task, id);

CREATE UNIQUE INDEX kept_once on kept (task, name) where status = 'kept';

CREATE TRIGGER kept_moves before update of status on kept
when old.status <> new.status and not (
  (old.status = 'kept' and new.status in ('published', 'included', 'dropped', 'expired')))
begin select case old.status || ' -> ' || new.status
  when 'published -> kept' then raise(abort, 'kept: illegal move published -> kept')
  when 'published -> included' then raise(abort, 'kept: illegal move published -> included')
  when 'published -> dropped' then raise(abort, 'kept: illegal move published -> dropped')
  when 'published -> expired' then raise(abort, 'kept: illegal move published -> expired')
  when 'included -> kept' then raise(abort, 'kept: illegal move included -> kept')
  when 'included -> published' then raise(abort, 'kept: illegal move included -> published')
  when 'included -> dropped' then raise(abort, 'kept: illegal move included -> dropped')
  when 'included -> expired' then raise(abort, 'kept: illegal move included -> expired')
  when 'dropped -> kept' then raise(abort, 'kept: illegal move dropped -> kept')
  when 'dropped -> published' then raise(abort, 'kept: illegal move dropped -> published')
  when 'dropped -> included' then raise(abort, 'kept: illegal move dropped -> included')
  when 'dropped -> expired' then raise(abort, 'kept: illegal move dropped -> expired')
  when 'expired -> kept' then raise(abort, 'kept: illegal move expired -> kept')
  when 'expired -> published' then raise(abort, 'kept: illegal move expired -> published')
  when 'expired -> included' then raise(abort, 'kept: illegal move expired -> included')
  when 'expired -> dropped' then raise(abort, 'kept: illegal move expired -> dropped')
  else raise(abort, 'kept: no status of this machine') end;
end;

CREATE TABLE lanes (
  project  text not null,
  agent    text not null,
  primary key (project, agent)
) strict, without rowid;

CREATE TABLE loop_marks (
  id         integer primary key,
  key        text    not null,
  at         integer not null,
  is_tripped integer not null
) strict;

CREATE INDEX loop_marks_by_key on loop_marks (key, at);

CREATE INDEX loop_marks_by_time on loop_marks (at);

CREATE TABLE merges (
  task         text    not null references tasks (key),
  seq          integer not null,
  phase        text    not null,
  status       text    not null,
  tries        integer not null,
  asked_at     integer not null,
  due_at       integer not null,
  reason       text,
  finished_at  integer, waits_for text,
  primary key (task, seq), constraint merges_status_known check (status in ('pending', 'done', 'failed', 'abandoned')), constraint merges_finished_when_final
  check ((finished_at is not null) = (status in ('done', 'failed', 'abandoned')))) strict, without rowid;

CREATE INDEX merges_due on merges (due_at) where status = 'pending';

CREATE TRIGGER merges_moves before update of status on merges
when old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('done', 'failed', 'abandoned')))
begin select case old.status || ' -> ' || new.status
  when 'done -> pending' then raise(abort, 'merges: illegal move done -> pending')
  when 'done -> failed' then raise(abort, 'merges: illegal move done -> failed')
  when 'done -> abandoned' then raise(abort, 'merges: illegal move done -> abandoned')
  when 'failed -> pending' then raise(abort, 'merges: illegal move failed -> pending')
  when 'failed -> done' then raise(abort, 'merges: illegal move failed -> done')
  when 'failed -> abandoned' then raise(abort, 'merges: illegal move failed -> abandoned')
  when 'abandoned -> pending' then raise(abort, 'merges: illegal move abandoned -> pending')
  when 'abandoned -> done' then raise(abort, 'merges: illegal move abandoned -> done')
  when 'abandoned -> failed' then raise(abort, 'merges: illegal move abandoned -> failed')
  else raise(abort, 'merges: no status of this machine') end;
end;

CREATE TABLE messages (
  id           integer primary key,
  chat         text    not null,
  task         text,
  purpose      text    not null check (purpose in ('card', 'ask', 'notice', 'reply', 'digest')),
  about        text    not null,
  token        text    not null unique,
  status       text    not null,
  remote       text,
  shown        text,
  is_plain     integer not null default 0 check (is_plain in (0, 1)),
  after        text,
  reply_to     text,
  meaning      text,
  tries        integer not null default 0,
  due_at       integer not null,
  error        text,
  begun_at     integer not null,
  sent_at      integer,
  edited_at    integer,
  finished_at  integer, constraint messages_status_known check (status in ('sending', 'shown', 'unknown', 'leaving', 'gone')), constraint messages_finished_when_final
  check ((finished_at is not null) = (status in ('gone')))) strict;

CREATE INDEX messages_leaving on messages (chat, due_at) where status in ('sending', 'unknown', 'leaving');

CREATE INDEX messages_of_task on messages (chat, task, id) where status <> 'gone';

CREATE UNIQUE INDEX messages_once on messages (chat, about) where status in ('sending', 'unknown', 'shown');

CREATE UNIQUE INDEX messages_remote on messages (chat, remote) where remote is not null and status <> 'gone';

CREATE INDEX messages_remotes on messages (chat, id) where remote is not null;

CREATE TRIGGER messages_moves before update of status on messages
when old.status <> new.status and not (
  (old.status = 'sending' and new.status in ('shown', 'unknown', 'gone')) or
  (old.status = 'unknown' and new.status in ('shown', 'gone')) or
  (old.status = 'shown' and new.status in ('leaving', 'gone')) or
  (old.status = 'leaving' and new.status in ('gone')))
begin select case old.status || ' -> ' || new.status
  when 'sending -> leaving' then raise(abort, 'messages: illegal move sending -> leaving')
  when 'shown -> sending' then raise(abort, 'messages: illegal move shown -> sending')
  when 'shown -> unknown' then raise(abort, 'messages: illegal move shown -> unknown')
  when 'unknown -> sending' then raise(abort, 'messages: illegal move unknown -> sending')
  when 'unknown -> leaving' then raise(abort, 'messages: illegal move unknown -> leaving')
  when 'leaving -> sending' then raise(abort, 'messages: illegal move leaving -> sending')
  when 'leaving -> shown' then raise(abort, 'messages: illegal move leaving -> shown')
  when 'leaving -> unknown' then raise(abort, 'messages: illegal move leaving -> unknown')
  when 'gone -> sending' then raise(abort, 'messages: illegal move gone -> sending')
  when 'gone -> shown' then raise(abort, 'messages: illegal move gone -> shown')
  when 'gone -> unknown' then raise(abort, 'messages: illegal move gone -> unknown')
  when 'gone -> leaving' then raise(abort, 'messages: illegal move gone -> leaving')
  else raise(abort, 'messages: no status of this machine') end;
end;

CREATE TABLE migrations (number bigint primary key, name text not null, checksum text not null, applied_at bigint not null);

CREATE TABLE openings (
  opening  text    not null,
  unit     text    not null check (unit in ('nanos', 'tokens', 'runs')),
  amount   integer not null,
  used     integer not null,
  until    integer not null, spread_from integer,
  primary key (opening, unit)
) strict, without rowid;

CREATE TABLE "outbox" (
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
  finished_at   integer, begun_at integer, owed_since integer not null default 0, constraint outbox_status_known check (status in ('pending', 'sent', 'dead', 'dropped')), constraint outbox_finished_when_final
  check ((finished_at is not null) = (status in ('sent', 'dead', 'dropped')))) strict;

CREATE INDEX outbox_by_status on outbox (status, id);

CREATE INDEX outbox_by_subject on outbox (subject_kind, subject, id);

CREATE INDEX outbox_by_target on outbox (target, id);

CREATE INDEX outbox_due on outbox (status, target, due_at, id) where status = 'pending';

CREATE TRIGGER outbox_moves before update of status on outbox
when old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('sent', 'dead', 'dropped')) or
  (old.status = 'dead' and new.status in ('pending', 'dropped')))
begin select case old.status || ' -> ' || new.status
  when 'sent -> pending' then raise(abort, 'outbox: illegal move sent -> pending')
  when 'sent -> dead' then raise(abort, 'outbox: illegal move sent -> dead')
  when 'sent -> dropped' then raise(abort, 'outbox: illegal move sent -> dropped')
  when 'dead -> sent' then raise(abort, 'outbox: illegal move dead -> sent')
  when 'dropped -> pending' then raise(abort, 'outbox: illegal move dropped -> pending')
  when 'dropped -> sent' then raise(abort, 'outbox: illegal move dropped -> sent')
  when 'dropped -> dead' then raise(abort, 'outbox: illegal move dropped -> dead')
  else raise(abort, 'outbox: no status of this machine') end;
end;

CREATE TABLE outside (
  task        text    primary key references tasks (key),
  seen        text    not null default '',
  due_at      integer not null default 0,
  is_settled  integer not null default 0 check (is_settled in (0, 1))
) strict, without rowid;

CREATE INDEX outside_unsettled on outside (due_at) where is_settled = 0;

CREATE TABLE overrides (
  schedule  text    primary key,
  verdict   text    not null check (verdict in ('open', 'closed')),
  cause     text    not null check (cause in ('person', 'crash_limit')),
  since     integer not null,
  until     integer not null,
  said_by   text    not null,
  reason    text
) strict, without rowid;

CREATE TABLE pace_reports (
  account          text    not null,
  per              text    not null check (per in ('5h', 'week', 'month')),
  used_ppm         integer not null,
  resets_at        integer not null,
  reported_at      integer not null,
  task             text    not null,
  other_ppm        integer,
  other_resets_at  integer,
  other_at         integer,
  other_task       text,
  primary key (account, per)
) strict, without rowid;

CREATE TABLE phases (
  task             text    not null references tasks (key),
  seq              integer not null,
  phase            text    not null,
  role             text    not null,
  agent            text    not null,
  cycle            integer not null,
  pass             integer not null,
  status           text    not null,
  verdict          text,
  artifact         text,
  commit_id        text,
  summary          text,
  trouble          text,
  session          text,
  session_agent    text,
  session_account  text,
  session_turns    integer not null default 0,
  entered_at       integer not null,
  finished_at      integer,
  primary key (task, seq), constraint phases_status_known check (status in ('pending', 'running', 'validating', 'gated', 'completed', 'failed', 'skipped')), constraint phases_finished_when_final
  check ((finished_at is not null) = (status in ('completed', 'failed', 'skipped')))) strict, without rowid;

CREATE UNIQUE INDEX phases_one_open on phases (task) where finished_at is null;

CREATE TRIGGER phases_moves before update of status on phases
when old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('running', 'skipped')) or
  (old.status = 'running' and new.status in ('validating', 'failed')) or
  (old.status = 'validating' and new.status in ('gated', 'completed', 'failed')) or
  (old.status = 'gated' and new.status in ('completed', 'failed')) or
  (old.status = 'failed' and new.status in ('pending')))
begin select case old.status || ' -> ' || new.status
  when 'pending -> validating' then raise(abort, 'phases: illegal move pending -> validating')
  when 'pending -> gated' then raise(abort, 'phases: illegal move pending -> gated')
  when 'pending -> completed' then raise(abort, 'phases: illegal move pending -> completed')
  when 'pending -> failed' then raise(abort, 'phases: illegal move pending -> failed')
  when 'running -> pending' then raise(abort, 'phases: illegal move running -> pending')
  when 'running -> gated' then raise(abort, 'phases: illegal move running -> gated')
  when 'running -> completed' then raise(abort, 'phases: illegal move running -> completed')
  when 'running -> skipped' then raise(abort, 'phases: illegal move running -> skipped')
  when 'validating -> pending' then raise(abort, 'phases: illegal move validating -> pending')
  when 'validating -> running' then raise(abort, 'phases: illegal move validating -> running')
  when 'validating -> skipped' then raise(abort, 'phases: illegal move validating -> skipped')
  when 'gated -> pending' then raise(abort, 'phases: illegal move gated -> pending')
  when 'gated -> running' then raise(abort, 'phases: illegal move gated -> running')
  when 'gated -> validating' then raise(abort, 'phases: illegal move gated -> validating')
  when 'gated -> skipped' then raise(abort, 'phases: illegal move gated -> skipped')
  when 'completed -> pending' then raise(abort, 'phases: illegal move completed -> pending')
  when 'completed -> running' then raise(abort, 'phases: illegal move completed -> running')
  when 'completed -> validating' then raise(abort, 'phases: illegal move completed -> validating')
  when 'completed -> gated' then raise(abort, 'phases: illegal move completed -> gated')
  when 'completed -> failed' then raise(abort, 'phases: illegal move completed -> failed')
  when 'completed -> skipped' then raise(abort, 'phases: illegal move completed -> skipped')
  when 'failed -> running' then raise(abort, 'phases: illegal move failed -> running')
  when 'failed -> validating' then raise(abort, 'phases: illegal move failed -> validating')
  when 'failed -> gated' then raise(abort, 'phases: illegal move failed -> gated')
  when 'failed -> completed' then raise(abort, 'phases: illegal move failed -> completed')
  when 'failed -> skipped' then raise(abort, 'phases: illegal move failed -> skipped')
  when 'skipped -> pending' then raise(abort, 'phases: illegal move skipped -> pending')
  when 'skipped -> running' then raise(abort, 'phases: illegal move skipped -> running')
  when 'skipped -> validating' then raise(abort, 'phases: illegal move skipped -> validating')
  when 'skipped -> gated' then raise(abort, 'phases: illegal move skipped -> gated')
  when 'skipped -> completed' then raise(abort, 'phases: illegal move skipped -> completed')
  when 'skipped -> failed' then raise(abort, 'phases: illegal move skipped -> failed')
  else raise(abort, 'phases: no status of this machine') end;
end;

CREATE TABLE projects (
  name         text    primary key,
  concurrency  integer not null,
  configured   integer not null,
  served       integer not null default 0
, terms text, open_from integer, open_until integer, open_slots integer, opening text, open_agent text, repo text, serial integer not null default 0, line integer not null default 0) strict, without rowid;

CREATE INDEX projects_by_repo on projects (repo);

CREATE TABLE pull_threads (
  source       text    not null,
  repo         text    not null,
  number       integer not null,
  comment_id   text    not null,
  task         text    not null references tasks (key),
  author       text    not null,
  path         text    not null,
  line         integer,
  -- Of the newest words about it; which run has heard them is said there.
  feedback     integer not null,
  answered_at  integer,
  primary key (source, repo, number, comment_id)
) strict, without rowid;

CREATE INDEX pull_threads_of_task on pull_threads (task);

CREATE TABLE pulls (
  source       text    not null,
  repo         text    not null,
  number       integer not null,
  project      text    not null,
  task         text    not null references tasks (key),
  branch       text    not null,
  url          text    not null,
  status       text    not null,
  is_draft     integer not null check (is_draft in (0, 1)),
  is_ours      integer not null check (is_ours in (0, 1)),
  commit_id    text,
  merged_as    text,
  ended_by     text,
  opened_at    integer not null,
  changed_at   integer not null,
  finished_at  integer,
  primary key (source, repo, number), constraint pulls_status_known check (status in ('open', 'closed', 'merged')), constraint pulls_finished_when_final
  check ((finished_at is not null) = (status in ('closed', 'merged')))) strict, without rowid;

CREATE INDEX pulls_of_branch on pulls (project, branch, number);

CREATE INDEX pulls_of_task on pulls (task);

CREATE INDEX pulls_open on pulls (project) where status = 'open';

CREATE TRIGGER pulls_moves before update of status on pulls
when old.status <> new.status and not (
  (old.status = 'open' and new.status in ('closed', 'merged')) or
  (old.status = 'closed' and new.status in ('merged', 'open')))
begin select case old.status || ' -> ' || new.status
  when 'merged -> open' then raise(abort, 'pulls: illegal move merged -> open')
  when 'merged -> closed' then raise(abort, 'pulls: illegal move merged -> closed')
  else raise(abort, 'pulls: no status of this machine') end;
end;

CREATE TABLE questions (
  id             integer primary key,
  task           text    not null references tasks (key),
  project        text    not null,
  seq            integer not null,
  phase          text    not null,
  form           text    not null,
  hash           text    not null,
  status         text    not null,
  asked_at       integer not null,
  until          integer,
  answers        text,
  secrets        text,
  answered_by    text,
  answered_from  text,
  finished_at    integer, constraint questions_status_known check (status in ('open', 'answered', 'withdrawn', 'expired')), constraint questions_finished_when_final
  check ((finished_at is not null) = (status in ('answered', 'withdrawn', 'expired')))) strict;

CREATE INDEX questions_due on questions (until) where status = 'open' and until is not null;

CREATE INDEX questions_of_task on questions (task, id);

CREATE UNIQUE INDEX questions_one_open on questions (task) where status = 'open';

CREATE TRIGGER questions_moves before update of status on questions
when old.status <> new.status and not (
  (old.status = 'open' and new.status in ('answered', 'withdrawn', 'expired')))
begin select case old.status || ' -> ' || new.status
  when 'answered -> open' then raise(abort, 'questions: illegal move answered -> open')
  when 'answered -> withdrawn' then raise(abort, 'questions: illegal move answered -> withdrawn')
  when 'answered -> expired' then raise(abort, 'questions: illegal move answered -> expired')
  when 'withdrawn -> open' then raise(abort, 'questions: illegal move withdrawn -> open')
  when 'withdrawn -> answered' then raise(abort, 'questions: illegal move withdrawn -> answered')
  when 'withdrawn -> expired' then raise(abort, 'questions: illegal move withdrawn -> expired')
  when 'expired -> open' then raise(abort, 'questions: illegal move expired -> open')
  when 'expired -> answered' then raise(abort, 'questions: illegal move expired -> answered')
  when 'expired -> withdrawn' then raise(abort, 'questions: illegal move expired -> withdrawn')
  else raise(abort, 'questions: no status of this machine') end;
end;

CREATE TABLE raises (
  project  text    not null,
  scope    text    not null,
  subject  text    not null,
  unit     text    not null,
  amount   integer not null,
  primary key (project, scope, subject, unit)
) strict, without rowid;

CREATE TABLE recurring (
  name        text    primary key,
  -- The pattern and its zone, as they were when it was counted from.
  pattern     text    not null,
  configured  integer not null,
  settled_to  integer not null
) strict;

CREATE TABLE recurring_slots (
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

CREATE INDEX recurring_slots_by_task on recurring_slots (schedule, at) where status = 'fired';

CREATE UNIQUE INDEX recurring_slots_once on recurring_slots (schedule, local);

CREATE TABLE refs (
  project  text not null,
  source   text not null,
  kind     text not null,
  ext_id   text not null,
  task     text not null references tasks (key),
  primary key (project, source, kind, ext_id)
) strict, without rowid;

CREATE INDEX refs_by_task on refs (task);

CREATE TABLE refusals (
  project  text    not null,
  agent    text    not null,
  reason   text    not null,
  since    integer not null, remedy text,
  primary key (project, agent)
) strict, without rowid;

CREATE TABLE replies (
  source  text    not null,
  place   text    not null,
  item    text    not null,
  person  text    not null,
  about   text    not null,
  at      integer not null,
  primary key (source, place, item, person, about)
) strict, without rowid;

CREATE INDEX replies_by_age on replies (at);

CREATE TABLE repository_workflows (
  project    text    primary key,
  origin     text    not null,
  commit_id  text    not null,
  hash       text    references workflows (hash),
  good_in    text,
  trouble    text,
  since      integer not null
) strict, without rowid;

CREATE TABLE revisions (
  task        text    not null references tasks (key),
  number      integer not null,
  title       text    not null,
  body        text    not null,
  -- Who has changed it then, and when.
  replaced_by text    not null,
  replaced_at integer not null,
  primary key (task, number)
) strict, without rowid;

CREATE TABLE routes (
  agent     text    not null,
  position  integer not null,
  via       text    not null,
  account   text    not null,
  primary key (agent, position)
) strict, without rowid;

CREATE TABLE runs (
  seq           integer primary key,
  id            text    not null unique,
  job           integer not null,
  task          text    not null references tasks (key),
  project       text    not null,
  phase         text    not null,
  agent         text    not null,
  backend       text    not null default '',
  model         text,
  effort        text,
  fence         integer not null,
  status        text    not null,
  pid           integer,
  start_ticks   integer,
  pgid          integer,
  leader_ticks  integer,
  boot_id       text,
  session       text,
  log_offset    integer not null default 0,
  transcript    text,
  exit_code     integer,
  signal        text,
  failure       text,
  reason        text,
  summary       text,
  stop          text,
  claimed_at    integer not null,
  started_at    integer,
  active_at     integer,
  exited_at     integer,
  finished_at   integer, account text, reserved_nanos integer not null default 0, reserved_tokens integer not null default 0, used_nanos integer not null default 0, used_tokens integer not null default 0, timeout_ms integer, publishing_since integer, branch text, published_commit text, files integer, opening text, heard integer not null default 0, constraint runs_status_known check (status in ('starting', 'running', 'exited', 'succeeded', 'failed', 'lost', 'killed')), constraint runs_finished_when_final
  check ((finished_at is not null) = (status in ('succeeded', 'failed', 'lost', 'killed')))) strict;

CREATE INDEX runs_by_claim on runs (claimed_at);

CREATE INDEX runs_by_project on runs (project, seq);

CREATE INDEX runs_by_session on runs (session) where session is not null;

CREATE INDEX runs_by_status on runs (status, seq);

CREATE INDEX runs_by_task on runs (task, seq);

CREATE INDEX runs_crashed on runs (finished_at) where failure in ('stalled', 'runaway', 'crashed', 'agent_error');

CREATE INDEX runs_live_by_project on runs (project, status) where status in ('starting', 'running', 'exited');

CREATE UNIQUE INDEX runs_one_live_per_task on runs (task) where status in ('starting', 'running', 'exited');

CREATE TRIGGER runs_counted_in after insert on runs begin
  insert into counters (kind, name, value) values ('run', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER runs_counted_out after delete on runs begin
  update counters set value = value - 1 where kind = 'run' and name = old.status;
end;

CREATE TRIGGER runs_counted_over after update of status on runs when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'run' and name = old.status;
  insert into counters (kind, name, value) values ('run', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER runs_moves before update of status on runs
when old.status <> new.status and not (
  (old.status = 'starting' and new.status in ('running', 'exited', 'failed', 'lost', 'killed')) or
  (old.status = 'running' and new.status in ('exited', 'lost', 'killed')) or
  (old.status = 'exited' and new.status in ('succeeded', 'failed', 'lost', 'killed')))
begin select case old.status || ' -> ' || new.status
  when 'starting -> succeeded' then raise(abort, 'runs: illegal move starting -> succeeded')
  when 'running -> starting' then raise(abort, 'runs: illegal move running -> starting')
  when 'running -> succeeded' then raise(abort, 'runs: illegal move running -> succeeded')
  when 'running -> failed' then raise(abort, 'runs: illegal move running -> failed')
  when 'exited -> starting' then raise(abort, 'runs: illegal move exited -> starting')
  when 'exited -> running' then raise(abort, 'runs: illegal move exited -> running')
  when 'succeeded -> starting' then raise(abort, 'runs: illegal move succeeded -> starting')
  when 'succeeded -> running' then raise(abort, 'runs: illegal move succeeded -> running')
  when 'succeeded -> exited' then raise(abort, 'runs: illegal move succeeded -> exited')
  when 'succeeded -> failed' then raise(abort, 'runs: illegal move succeeded -> failed')
  when 'succeeded -> lost' then raise(abort, 'runs: illegal move succeeded -> lost')
  when 'succeeded -> killed' then raise(abort, 'runs: illegal move succeeded -> killed')
  when 'failed -> starting' then raise(abort, 'runs: illegal move failed -> starting')
  when 'failed -> running' then raise(abort, 'runs: illegal move failed -> running')
  when 'failed -> exited' then raise(abort, 'runs: illegal move failed -> exited')
  when 'failed -> succeeded' then raise(abort, 'runs: illegal move failed -> succeeded')
  when 'failed -> lost' then raise(abort, 'runs: illegal move failed -> lost')
  when 'failed -> killed' then raise(abort, 'runs: illegal move failed -> killed')
  when 'lost -> starting' then raise(abort, 'runs: illegal move lost -> starting')
  when 'lost -> running' then raise(abort, 'runs: illegal move lost -> running')
  when 'lost -> exited' then raise(abort, 'runs: illegal move lost -> exited')
  when 'lost -> succeeded' then raise(abort, 'runs: illegal move lost -> succeeded')
  when 'lost -> failed' then raise(abort, 'runs: illegal move lost -> failed')
  when 'lost -> killed' then raise(abort, 'runs: illegal move lost -> killed')
  when 'killed -> starting' then raise(abort, 'runs: illegal move killed -> starting')
  when 'killed -> running' then raise(abort, 'runs: illegal move killed -> running')
  when 'killed -> exited' then raise(abort, 'runs: illegal move killed -> exited')
  when 'killed -> succeeded' then raise(abort, 'runs: illegal move killed -> succeeded')
  when 'killed -> failed' then raise(abort, 'runs: illegal move killed -> failed')
  when 'killed -> lost' then raise(abort, 'runs: illegal move killed -> lost')
  else raise(abort, 'runs: no status of this machine') end;
end;

CREATE TABLE schedules (
  name         text    primary key,
  projects     text,
  start        text    not null,
  duration_ms  integer not null,
  days         text    not null,
  timezone     text    not null,
  enabled      integer not null,
  concurrency  integer,
  model        text,
  effort       text,
  permissions  text,
  on_close     text    not null,
  crash_limit  integer not null,
  budget_nanos  integer,
  budget_tokens  integer,
  budget_runs  integer
, budget_spread integer, agent text) strict, without rowid;

CREATE TABLE snapshots (
  task           text    not null references tasks (key),
  seq            integer not null,
  agents         text,
  branch         text,
  commit_id      text,
  events         integer not null,
  run            text,
  runs           integer not null,
  input_tokens   integer not null,
  output_tokens  integer not null,
  cost_nanos     integer not null,
  unpriced       integer not null,
  taken_at       integer not null,
  primary key (task, seq)
) strict, without rowid;

CREATE TABLE spend (
  project  text    not null,
  scope    text    not null,
  subject  text    not null,
  unit     text    not null,
  amount   integer not null,
  primary key (project, scope, subject, unit)
) strict, without rowid;

CREATE INDEX spend_by_subject on spend (scope, subject, unit);

CREATE TABLE subjects (
  kind    text    not null check (kind in ('project', 'schedule', 'account', 'source', 'daemon')),
  name    text    not null,
  events  integer not null,
  primary key (kind, name)
) strict, without rowid;

CREATE TABLE tasks (
  seq               integer primary key,
  key               text    not null unique,
  project           text    not null,
  prefix            text    not null,
  number            integer not null check (number > 0),
  title             text    not null,
  url               text,
  author            text,
  status            text    not null,
  reason            text,
  workflow          text    not null,
  priority          integer not null,
  branch            text,
  published_commit  text,
  version           integer not null default 1,
  events            integer not null default 0,
  created_at        integer not null,
  updated_at        integer not null,
  finished_at       integer,
  body              text    not null, files integer, paused_at integer, paused_until integer, workflow_hash text references workflows (hash), agents text, follows text references tasks (key), base text, model text, effort text, chosen text, agent text not null default '', chosen_agent text,
  check (key = prefix || '-' || number), constraint tasks_status_known check (status in ('waiting', 'active', 'done', 'paused', 'blocked', 'failed', 'cancelled')), constraint tasks_finished_when_final
  check ((finished_at is not null) = (status in ('done', 'failed', 'cancelled')))) strict;

CREATE INDEX tasks_by_branch on tasks (project, branch, seq) where branch is not null;

CREATE INDEX tasks_by_commit on tasks (project, published_commit, seq) where published_commit is not null;

CREATE INDEX tasks_by_project on tasks (project, seq);

CREATE INDEX tasks_by_status on tasks (status, seq);

CREATE UNIQUE INDEX tasks_followed_once on tasks (follows) where follows is not null;

CREATE UNIQUE INDEX tasks_number on tasks (prefix, number);

CREATE INDEX tasks_pause_due on tasks (paused_until) where paused_until is not null;

CREATE INDEX tasks_unfinished on tasks (project, seq) where finished_at is null;

CREATE TRIGGER tasks_counted_in after insert on tasks begin
  insert into counters (kind, name, value) values ('task', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER tasks_counted_out after delete on tasks begin
  update counters set value = value - 1 where kind = 'task' and name = old.status;
end;

CREATE TRIGGER tasks_counted_over after update of status on tasks when old.status <> new.status begin
  update counters set value = value - 1 where kind = 'task' and name = old.status;
  insert into counters (kind, name, value) values ('task', new.status, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER tasks_moves before update of status on tasks
when old.status <> new.status and not (
  (old.status = 'waiting' and new.status in ('active', 'failed', 'cancelled', 'paused')) or
  (old.status = 'active' and new.status in ('done', 'failed', 'cancelled', 'blocked', 'paused')) or
  (old.status = 'paused' and new.status in ('done', 'failed', 'cancelled', 'blocked', 'active')) or
  (old.status = 'blocked' and new.status in ('done', 'failed', 'cancelled', 'active')) or
  (old.status = 'failed' and new.status in ('active')) or
  (old.status = 'cancelled' and new.status in ('active')))
begin select case old.status || ' -> ' || new.status
  when 'waiting -> done' then raise(abort, 'tasks: illegal move waiting -> done')
  when 'waiting -> blocked' then raise(abort, 'tasks: illegal move waiting -> blocked')
  when 'active -> waiting' then raise(abort, 'tasks: illegal move active -> waiting')
  when 'done -> waiting' then raise(abort, 'tasks: illegal move done -> waiting')
  when 'done -> active' then raise(abort, 'tasks: illegal move done -> active')
  when 'done -> paused' then raise(abort, 'tasks: illegal move done -> paused')
  when 'done -> blocked' then raise(abort, 'tasks: illegal move done -> blocked')
  when 'done -> failed' then raise(abort, 'tasks: illegal move done -> failed')
  when 'done -> cancelled' then raise(abort, 'tasks: illegal move done -> cancelled')
  when 'paused -> waiting' then raise(abort, 'tasks: illegal move paused -> waiting')
  when 'blocked -> waiting' then raise(abort, 'tasks: illegal move blocked -> waiting')
  when 'blocked -> paused' then raise(abort, 'tasks: illegal move blocked -> paused')
  when 'failed -> waiting' then raise(abort, 'tasks: illegal move failed -> waiting')
  when 'failed -> done' then raise(abort, 'tasks: illegal move failed -> done')
  when 'failed -> paused' then raise(abort, 'tasks: illegal move failed -> paused')
  when 'failed -> blocked' then raise(abort, 'tasks: illegal move failed -> blocked')
  when 'failed -> cancelled' then raise(abort, 'tasks: illegal move failed -> cancelled')
  when 'cancelled -> waiting' then raise(abort, 'tasks: illegal move cancelled -> waiting')
  when 'cancelled -> done' then raise(abort, 'tasks: illegal move cancelled -> done')
  when 'cancelled -> paused' then raise(abort, 'tasks: illegal move cancelled -> paused')
  when 'cancelled -> blocked' then raise(abort, 'tasks: illegal move cancelled -> blocked')
  when 'cancelled -> failed' then raise(abort, 'tasks: illegal move cancelled -> failed')
  else raise(abort, 'tasks: no status of this machine') end;
end;

CREATE TABLE turns (
  run                    text    not null references runs (id),
  number                 integer not null,
  model                  text    not null,
  input_tokens           integer not null,
  output_tokens          integer not null,
  cache_read_tokens      integer not null,
  cache_creation_tokens  integer not null,
  reasoning_tokens       integer not null,
  cost_nanos             integer,
  cost_source            text    not null check (cost_source in ('agent', 'priced', 'unpriced', 'unknown')),
  status                 text    not null check (status in ('answered', 'failed')),
  latency_ms             integer,
  request_id             text,
  at                     integer not null,
  primary key (run, number)
) strict, without rowid;

CREATE TABLE usage (
  run                    text    not null references runs (id),
  model                  text    not null,
  input_tokens           integer not null,
  output_tokens          integer not null,
  cache_read_tokens      integer not null,
  cache_creation_tokens  integer not null,
  reasoning_tokens       integer not null,
  cost_nanos             integer,
  cost_source            text    not null check (cost_source in ('agent', 'priced', 'unpriced', 'unknown')),
  primary key (run, model)
) strict, without rowid;

CREATE TABLE watches (
  source       text    not null,
  place        text    not null,
  -- Of what: items, comments, hooks.
  kind         text    not null,
  -- By the clock of the source (ms): everything that has changed before is known.
  since        integer not null,
  etag         text,
  primary key (source, place, kind)
) strict, without rowid;

CREATE TABLE "wide_holds" (
  scope    text    not null,
  subject  text    not null,
  kind     text    not null,
  reason   text    not null,
  until    integer,
  since    integer not null,
  remedy   text,
  primary key (scope, subject, kind),
  constraint wide_holds_scope_known check (scope in ('project', 'account', 'agent', 'repo', 'all'))
) strict, without rowid;

CREATE TRIGGER wide_holds_counted_in after insert on wide_holds begin
  insert into counters (kind, name, value) values ('hold', new.kind, 1)
    on conflict (kind, name) do update set value = counters.value + 1;
end;

CREATE TRIGGER wide_holds_counted_out after delete on wide_holds begin
  update counters set value = value - 1 where kind = 'hold' and name = old.kind;
end;

CREATE TABLE workflows (
  hash       text    primary key,
  name       text    not null,
  document   text    not null,
  stored_at  integer not null
) strict, without rowid;
