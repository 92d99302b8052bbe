create table accounts (
  name text not null,
  concurrency bigint,
  configured bigint not null,
  until bigint,
  rearms bigint not null default 0,
  reporter text,
  named_reset bigint,
  confirmations bigint not null default 0
);
create table approvals (
  id bigint generated always as identity not null,
  task text not null,
  project text not null,
  seq bigint not null,
  phase text not null,
  artifact text,
  commit_id text,
  status text not null,
  votes text not null default '[]'::text,
  asked_at bigint not null,
  until bigint,
  decided_by text,
  decided_from text,
  reason text,
  finished_at bigint
);
create table artifacts (
  id bigint generated always as identity not null,
  task text not null,
  seq bigint not null,
  phase text not null,
  cycle bigint not null,
  run text not null,
  path text not null,
  sha256 text not null,
  bytes bigint not null,
  content text not null,
  is_valid bigint not null,
  kept_at bigint not null,
  problems text not null default '[]'::text
);
create table budgets (
  project text not null,
  scope text not null,
  unit text not null,
  amount bigint not null
);
create table cards (
  chat text not null,
  task text not null,
  seen text not null default ''::text,
  state text not null default ''::text,
  seen_active bigint,
  drawn_at bigint not null default 0,
  due_at bigint not null default 0,
  is_asked bigint not null default 0,
  is_settled bigint not null default 0
);
create table chats (
  chat text not null,
  settings text not null,
  moved_to text,
  newest text,
  wide text not null default ''::text,
  since_seq bigint not null,
  after_seq bigint not null,
  closed_at bigint,
  retry_at bigint,
  reason text,
  remedy text
);
create table ci_checks (
  task text not null,
  commit_id text not null,
  name text not null,
  status text not null,
  url text,
  summary text,
  told_at bigint not null
);
create table ci_waits (
  task text not null,
  seq bigint not null,
  phase text not null,
  commit_id text,
  status text not null,
  asked_at bigint not null,
  until bigint not null,
  due_at bigint not null,
  reason text,
  finished_at bigint
);
create table counters (
  kind text not null,
  name text not null,
  value bigint not null
);
create table deliveries (
  id bigint generated always as identity not null,
  source text not null,
  delivery_id text not null,
  header_id text,
  event text not null,
  status text not null default 'received'::text,
  reason text,
  task text,
  subject text,
  tries bigint not null default 0,
  not_before bigint not null default 0,
  replay_of bigint,
  received_at bigint not null,
  finished_at bigint,
  body text not null,
  change_key text
);
create table dependencies (
  id bigint not null,
  task text not null,
  needs text not null,
  since bigint not null,
  dropped_at bigint,
  source text
);
create table events (
  subject text not null,
  seq bigint not null,
  kind text not null,
  key text,
  data text not null,
  at bigint not null,
  subject_kind text not null
);
create table faces (
  task text not null,
  source text not null,
  aspect text not null,
  place text not null,
  item text not null,
  wish text not null,
  wished text not null,
  told text,
  is_open bigint not null default 1,
  remote text,
  url text,
  error text,
  wished_at bigint not null,
  told_at bigint,
  due_at bigint not null default 0
);
create table feedback (
  id bigint generated always as identity not null,
  task text not null,
  said_by text not null,
  said_from text not null,
  said text not null,
  said_at bigint not null,
  heard_by text
);
create table item_contexts (
  task text not null,
  context text not null,
  read_at bigint not null
);
create table job_holds (
  job bigint not null,
  kind text not null,
  reason text not null,
  until bigint,
  since bigint not null,
  remedy text
);
create table jobs (
  id bigint generated always as identity not null,
  task text not null,
  project text not null,
  phase text not null,
  agent text not null,
  status text not null,
  priority bigint not null,
  fence bigint not null default 0,
  run text,
  attempts bigint not null default 0,
  transients bigint not null default 0,
  interruptions bigint not null default 0,
  session text,
  failure text,
  reason text,
  created_at bigint not null,
  finished_at bigint,
  session_agent text,
  route bigint,
  session_account text,
  own_agent text,
  free bigint not null,
  repairs bigint not null default 0,
  opens bigint not null default 0
);
create table kept (
  id bigint generated always as identity not null,
  task text not null,
  project text not null,
  run text,
  name text not null,
  ref text not null,
  commit_id text not null,
  branch text not null,
  files bigint not null,
  reason text not null,
  remedy text,
  status text not null default 'kept'::text,
  kept_at bigint not null,
  tell_at bigint not null,
  told_at bigint,
  until bigint not null,
  finished_at bigint
);
create table lanes (
  project text not null,
  agent text not null
);
create table loop_marks (
  id bigint generated always as identity not null,
  key text not null,
  at bigint not null,
  is_tripped bigint not null
);
create table merges (
  task text not null,
  seq bigint not null,
  phase text not null,
  status text not null,
  tries bigint not null,
  asked_at bigint not null,
  due_at bigint not null,
  reason text,
  finished_at bigint,
  waits_for text
);
create table messages (
  id bigint generated always as identity not null,
  chat text not null,
  task text,
  purpose text not null,
  about text not null,
  token text not null,
  status text not null,
  remote text,
  shown text,
  is_plain bigint not null default 0,
  after text,
  reply_to text,
  meaning text,
  tries bigint not null default 0,
  due_at bigint not null,
  error text,
  begun_at bigint not null,
  sent_at bigint,
  edited_at bigint,
  finished_at bigint
);
create table migrations (
  number bigint not null,
  name text not null,
  checksum text not null,
  applied_at bigint not null
);
create table openings (
  opening text not null,
  unit text not null,
  amount bigint not null,
  used bigint not null,
  until bigint not null,
  spread_from bigint
);
create table outbox (
  id bigint generated always as identity not null,
  subject text not null,
  target text not null,
  kind text not null,
  payload text not null,
  status text not null default 'pending'::text,
  tries bigint not null default 0,
  due_at bigint not null,
  error text,
  created_at bigint not null,
  finished_at bigint,
  subject_kind text not null,
  begun_at bigint,
  owed_since bigint not null default 0
);
create table outside (
  task text not null,
  seen text not null default ''::text,
  due_at bigint not null default 0,
  is_settled bigint not null default 0
);
create table overrides (
  schedule text not null,
  verdict text not null,
  cause text not null,
  since bigint not null,
  until bigint not null,
  said_by text not null,
  reason text
);
create table pace_reports (
  account text not null,
  per text not null,
  used_ppm bigint not null,
  resets_at bigint not null,
  reported_at bigint not null,
  task text not null,
  other_ppm bigint,
  other_resets_at bigint,
  other_at bigint,
  other_task text
);
create table phases (
  task text not null,
  seq bigint not null,
  phase text not null,
  role text not null,
  agent text not null,
  cycle bigint not null,
  pass bigint not null,
  status text not null,
  verdict text,
  artifact text,
  commit_id text,
  summary text,
  trouble text,
  session text,
  session_agent text,
  session_account text,
  session_turns bigint not null default 0,
  entered_at bigint not null,
  finished_at bigint
);
create table projects (
  name text not null,
  concurrency bigint not null,
  configured bigint not null,
  served bigint not null default 0,
  terms text,
  open_from bigint,
  open_until bigint,
  open_slots bigint,
  opening text,
  open_agent text,
  repo text,
  serial bigint not null default 0,
  line bigint not null default 0
);
create table pull_threads (
  source text not null,
  repo text not null,
  number bigint not null,
  comment_id text not null,
  task text not null,
  author text not null,
  path text not null,
  line bigint,
  feedback bigint not null,
  answered_at bigint
);
create table pulls (
  source text not null,
  repo text not null,
  number bigint not null,
  project text not null,
  task text not null,
  branch text not null,
  url text not null,
  status text not null,
  is_draft bigint not null,
  is_ours bigint not null,
  commit_id text,
  merged_as text,
  ended_by text,
  opened_at bigint not null,
  changed_at bigint not null,
  finished_at bigint
);
create table questions (
  id bigint generated always as identity not null,
  task text not null,
  project text not null,
  seq bigint not null,
  phase text not null,
  form text not null,
  hash text not null,
  status text not null,
  asked_at bigint not null,
  until bigint,
  answers text,
  secrets text,
  answered_by text,
  answered_from text,
  finished_at bigint
);
create table raises (
  project text not null,
  scope text not null,
  subject text not null,
  unit text not null,
  amount bigint not null
);
create table recurring (
  name text not null,
  pattern text not null,
  configured bigint not null,
  settled_to bigint not null
);
create table recurring_slots (
  schedule text not null,
  at bigint not null,
  local text not null,
  asked_by text not null,
  status text not null,
  task text,
  reason text,
  settled_at bigint not null
);
create table refs (
  project text not null,
  source text not null,
  kind text not null,
  ext_id text not null,
  task text not null
);
create table refusals (
  project text not null,
  agent text not null,
  reason text not null,
  since bigint not null,
  remedy text
);
create table replies (
  source text not null,
  place text not null,
  item text not null,
  person text not null,
  about text not null,
  at bigint not null
);
create table repository_workflows (
  project text not null,
  origin text not null,
  commit_id text not null,
  hash text,
  good_in text,
  trouble text,
  since bigint not null
);
create table revisions (
  task text not null,
  number bigint not null,
  title text not null,
  body text not null,
  replaced_by text not null,
  replaced_at bigint not null
);
create table routes (
  agent text not null,
  position bigint not null,
  via text not null,
  account text not null
);
create table runs (
  seq bigint generated always as identity not null,
  id text not null,
  job bigint not null,
  task text not null,
  project text not null,
  phase text not null,
  agent text not null,
  backend text not null default ''::text,
  model text,
  effort text,
  fence bigint not null,
  status text not null,
  pid bigint,
  start_ticks bigint,
  pgid bigint,
  leader_ticks bigint,
  boot_id text,
  session text,
  log_offset bigint not null default 0,
  transcript text,
  exit_code bigint,
  signal text,
  failure text,
  reason text,
  summary text,
  stop text,
  claimed_at bigint not null,
  started_at bigint,
  active_at bigint,
  exited_at bigint,
  finished_at bigint,
  account text,
  reserved_nanos bigint not null default 0,
  reserved_tokens bigint not null default 0,
  used_nanos bigint not null default 0,
  used_tokens bigint not null default 0,
  timeout_ms bigint,
  publishing_since bigint,
  branch text,
  published_commit text,
  files bigint,
  opening text,
  heard bigint not null default 0
);
create table schedules (
  name text not null,
  projects text,
  start text not null,
  duration_ms bigint not null,
  days text not null,
  timezone text not null,
  enabled bigint not null,
  concurrency bigint,
  model text,
  effort text,
  permissions text,
  on_close text not null,
  crash_limit bigint not null,
  budget_nanos bigint,
  budget_tokens bigint,
  budget_runs bigint,
  budget_spread bigint,
  agent text
);
create table snapshots (
  task text not null,
  seq bigint not null,
  agents text,
  branch text,
  commit_id text,
  events bigint not null,
  run text,
  runs bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost_nanos bigint not null,
  unpriced bigint not null,
  taken_at bigint not null
);
create table spend (
  project text not null,
  scope text not null,
  subject text not null,
  unit text not null,
  amount bigint not null
);
create table subjects (
  kind text not null,
  name text not null,
  events bigint not null
);
create table tasks (
  seq bigint generated always as identity not null,
  key text not null,
  project text not null,
  prefix text not null,
  number bigint not null,
  title text not null,
  url text,
  author text,
  status text not null,
  reason text,
  workflow text not null,
  priority bigint not null,
  branch text,
  published_commit text,
  version bigint not null default 1,
  events bigint not null default 0,
  created_at bigint not null,
  updated_at bigint not null,
  finished_at bigint,
  body text not null,
  files bigint,
  paused_at bigint,
  paused_until bigint,
  workflow_hash text,
  agents text,
  follows text,
  base text,
  model text,
  effort text,
  chosen text,
  agent text not null default ''::text,
  chosen_agent text
);
create table turns (
  run text not null,
  number bigint not null,
  model text not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_creation_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint,
  cost_source text not null,
  status text not null,
  latency_ms bigint,
  request_id text,
  at bigint not null
);
create table usage (
  run text not null,
  model text not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_creation_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint,
  cost_source text not null
);
create table watches (
  source text not null,
  place text not null,
  kind text not null,
  since bigint not null,
  etag text
);
create table wide_holds (
  scope text not null,
  subject text not null,
  kind text not null,
  reason text not null,
  until bigint,
  since bigint not null,
  remedy text
);
create table workflows (
  hash text not null,
  name text not null,
  document text not null,
  stored_at bigint not null
);

alter table approvals add constraint approvals_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['approved'::text, 'rejected'::text, 'aborted'::text, 'expired'::text, 'superseded'::text]))));
alter table approvals add constraint approvals_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'aborted'::text, 'expired'::text, 'superseded'::text])));
alter table approvals add constraint approvals_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table artifacts add constraint artifacts_is_valid_check CHECK ((is_valid = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table artifacts add constraint artifacts_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table budgets add constraint budgets_scope_check CHECK ((scope = ANY (ARRAY['run'::text, 'phase'::text, 'task'::text, 'project'::text, 'day'::text])));
alter table budgets add constraint budgets_unit_check CHECK ((unit = ANY (ARRAY['nanos'::text, 'tokens'::text, 'runs'::text])));
alter table cards add constraint cards_is_asked_check CHECK ((is_asked = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table cards add constraint cards_is_settled_check CHECK ((is_settled = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table cards add constraint cards_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table ci_checks add constraint ci_checks_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'success'::text, 'failure'::text, 'neutral'::text, 'skipped'::text])));
alter table ci_checks add constraint ci_checks_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table ci_waits add constraint ci_waits_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['passed'::text, 'failed'::text, 'expired'::text, 'abandoned'::text]))));
alter table ci_waits add constraint ci_waits_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'passed'::text, 'failed'::text, 'expired'::text, 'abandoned'::text])));
alter table ci_waits add constraint ci_waits_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table deliveries add constraint deliveries_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['processed'::text, 'ignored'::text, 'failed'::text]))));
alter table deliveries add constraint deliveries_status_known CHECK ((status = ANY (ARRAY['received'::text, 'processed'::text, 'ignored'::text, 'failed'::text])));
alter table dependencies add constraint dependencies_needs_fkey FOREIGN KEY (needs) REFERENCES tasks(key);
alter table dependencies add constraint dependencies_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table events add constraint events_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['task'::text, 'project'::text, 'schedule'::text, 'account'::text, 'source'::text, 'daemon'::text])));
alter table faces add constraint faces_is_open_check CHECK ((is_open = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table faces add constraint faces_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table feedback add constraint feedback_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table item_contexts add constraint item_contexts_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table job_holds add constraint job_holds_job_fkey FOREIGN KEY (job) REFERENCES jobs(id);
alter table jobs add constraint jobs_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text]))));
alter table jobs add constraint jobs_status_known CHECK ((status = ANY (ARRAY['queued'::text, 'held'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])));
alter table jobs add constraint jobs_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table kept add constraint kept_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['published'::text, 'included'::text, 'dropped'::text, 'expired'::text]))));
alter table kept add constraint kept_status_known CHECK ((status = ANY (ARRAY['kept'::text, 'published'::text, 'included'::text, 'dropped'::text, 'expired'::text])));
alter table kept add constraint kept_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table merges add constraint merges_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['done'::text, 'failed'::text, 'abandoned'::text]))));
alter table merges add constraint merges_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'done'::text, 'failed'::text, 'abandoned'::text])));
alter table merges add constraint merges_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table messages add constraint messages_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = 'gone'::text)));
alter table messages add constraint messages_is_plain_check CHECK ((is_plain = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table messages add constraint messages_purpose_check CHECK ((purpose = ANY (ARRAY['card'::text, 'ask'::text, 'notice'::text, 'reply'::text, 'digest'::text])));
alter table messages add constraint messages_status_known CHECK ((status = ANY (ARRAY['sending'::text, 'shown'::text, 'unknown'::text, 'leaving'::text, 'gone'::text])));
alter table openings add constraint openings_unit_check CHECK ((unit = ANY (ARRAY['nanos'::text, 'tokens'::text, 'runs'::text])));
alter table outbox add constraint outbox_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['sent'::text, 'dead'::text, 'dropped'::text]))));
alter table outbox add constraint outbox_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'dead'::text, 'dropped'::text])));
alter table outbox add constraint outbox_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['task'::text, 'project'::text, 'schedule'::text, 'account'::text, 'source'::text, 'daemon'::text])));
alter table outside add constraint outside_is_settled_check CHECK ((is_settled = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table outside add constraint outside_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table overrides add constraint overrides_cause_check CHECK ((cause = ANY (ARRAY['person'::text, 'crash_limit'::text])));
alter table overrides add constraint overrides_verdict_check CHECK ((verdict = ANY (ARRAY['open'::text, 'closed'::text])));
alter table pace_reports add constraint pace_reports_per_check CHECK ((per = ANY (ARRAY['5h'::text, 'week'::text, 'month'::text])));
alter table phases add constraint phases_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'failed'::text, 'skipped'::text]))));
alter table phases add constraint phases_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'validating'::text, 'gated'::text, 'completed'::text, 'failed'::text, 'skipped'::text])));
alter table phases add constraint phases_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table pull_threads add constraint pull_threads_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table pulls add constraint pulls_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['closed'::text, 'merged'::text]))));
alter table pulls add constraint pulls_is_draft_check CHECK ((is_draft = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table pulls add constraint pulls_is_ours_check CHECK ((is_ours = ANY (ARRAY[(0)::bigint, (1)::bigint])));
alter table pulls add constraint pulls_status_known CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text, 'merged'::text])));
alter table pulls add constraint pulls_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table questions add constraint questions_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['answered'::text, 'withdrawn'::text, 'expired'::text]))));
alter table questions add constraint questions_status_known CHECK ((status = ANY (ARRAY['open'::text, 'answered'::text, 'withdrawn'::text, 'expired'::text])));
alter table questions add constraint questions_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table recurring_slots add constraint recurring_slots_asked CHECK ((asked_by = ANY (ARRAY['time'::text, 'person'::text])));
alter table recurring_slots add constraint recurring_slots_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table recurring_slots add constraint recurring_slots_told CHECK ((((status = 'fired'::text) AND (task IS NOT NULL) AND (reason IS NULL)) OR ((status = 'skipped'::text) AND (task IS NULL) AND (reason IS NOT NULL))));
alter table refs add constraint refs_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table repository_workflows add constraint repository_workflows_hash_fkey FOREIGN KEY (hash) REFERENCES workflows(hash);
alter table revisions add constraint revisions_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table runs add constraint runs_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'lost'::text, 'killed'::text]))));
alter table runs add constraint runs_status_known CHECK ((status = ANY (ARRAY['starting'::text, 'running'::text, 'exited'::text, 'succeeded'::text, 'failed'::text, 'lost'::text, 'killed'::text])));
alter table runs add constraint runs_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table snapshots add constraint snapshots_task_fkey FOREIGN KEY (task) REFERENCES tasks(key);
alter table subjects add constraint subjects_kind_check CHECK ((kind = ANY (ARRAY['project'::text, 'schedule'::text, 'account'::text, 'source'::text, 'daemon'::text])));
alter table tasks add constraint tasks_check CHECK ((key = ((prefix || '-'::text) || number)));
alter table tasks add constraint tasks_finished_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text]))));
alter table tasks add constraint tasks_follows_fkey FOREIGN KEY (follows) REFERENCES tasks(key);
alter table tasks add constraint tasks_number_check CHECK ((number > 0));
alter table tasks add constraint tasks_status_known CHECK ((status = ANY (ARRAY['waiting'::text, 'active'::text, 'done'::text, 'paused'::text, 'blocked'::text, 'failed'::text, 'cancelled'::text])));
alter table tasks add constraint tasks_workflow_hash_fkey FOREIGN KEY (workflow_hash) REFERENCES workflows(hash);
alter table turns add constraint turns_cost_source_check CHECK ((cost_source = ANY (ARRAY['agent'::text, 'priced'::text, 'unpriced'::text, 'unknown'::text])));
alter table turns add constraint turns_run_fkey FOREIGN KEY (run) REFERENCES runs(id);
alter table turns add constraint turns_status_check CHECK ((status = ANY (ARRAY['answered'::text, 'failed'::text])));
alter table usage add constraint usage_cost_source_check CHECK ((cost_source = ANY (ARRAY['agent'::text, 'priced'::text, 'unpriced'::text, 'unknown'::text])));
alter table usage add constraint usage_run_fkey FOREIGN KEY (run) REFERENCES runs(id);
alter table wide_holds add constraint wide_holds_scope_known CHECK ((scope = ANY (ARRAY['project'::text, 'account'::text, 'agent'::text, 'repo'::text, 'all'::text])));

CREATE UNIQUE INDEX accounts_pkey ON public.accounts USING btree (name);
CREATE INDEX approvals_due ON public.approvals USING btree (until) WHERE ((status = 'pending'::text) AND (until IS NOT NULL));
CREATE UNIQUE INDEX approvals_once ON public.approvals USING btree (task, seq);
CREATE UNIQUE INDEX approvals_pkey ON public.approvals USING btree (id);
CREATE INDEX artifacts_of_task ON public.artifacts USING btree (task, id);
CREATE UNIQUE INDEX artifacts_once ON public.artifacts USING btree (task, run);
CREATE UNIQUE INDEX artifacts_pkey ON public.artifacts USING btree (id);
CREATE UNIQUE INDEX budgets_pkey ON public.budgets USING btree (project, scope, unit);
CREATE INDEX cards_of_task ON public.cards USING btree (task);
CREATE UNIQUE INDEX cards_pkey ON public.cards USING btree (chat, task);
CREATE INDEX cards_unsettled ON public.cards USING btree (chat, due_at) WHERE (is_settled = 0);
CREATE UNIQUE INDEX chats_pkey ON public.chats USING btree (chat);
CREATE UNIQUE INDEX ci_checks_pkey ON public.ci_checks USING btree (task, commit_id, name);
CREATE INDEX ci_waits_due ON public.ci_waits USING btree (due_at) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX ci_waits_pkey ON public.ci_waits USING btree (task, seq);
CREATE UNIQUE INDEX counters_pkey ON public.counters USING btree (kind, name);
CREATE INDEX deliveries_by_source ON public.deliveries USING btree (source, id);
CREATE INDEX deliveries_by_status ON public.deliveries USING btree (status, id);
CREATE INDEX deliveries_by_subject ON public.deliveries USING btree (subject, id) WHERE ((status = 'received'::text) AND (subject IS NOT NULL));
CREATE INDEX deliveries_due_by_source ON public.deliveries USING btree (source, not_before, id) WHERE (status = 'received'::text);
CREATE UNIQUE INDEX deliveries_identity ON public.deliveries USING btree (source, delivery_id);
CREATE INDEX deliveries_of_change ON public.deliveries USING btree (source, change_key) WHERE (change_key IS NOT NULL);
CREATE UNIQUE INDEX deliveries_pkey ON public.deliveries USING btree (id);
CREATE INDEX deliveries_replays ON public.deliveries USING btree (replay_of) WHERE (replay_of IS NOT NULL);
CREATE INDEX dependencies_by_need ON public.dependencies USING btree (needs, task);
CREATE INDEX dependencies_by_task ON public.dependencies USING btree (task, id);
CREATE UNIQUE INDEX dependencies_once ON public.dependencies USING btree (task, needs) WHERE (dropped_at IS NULL);
CREATE UNIQUE INDEX dependencies_pkey ON public.dependencies USING btree (id);
CREATE INDEX events_by_kind ON public.events USING btree (subject_kind, subject, kind, at);
CREATE UNIQUE INDEX events_once ON public.events USING btree (subject_kind, subject, key) WHERE (key IS NOT NULL);
CREATE UNIQUE INDEX events_pkey ON public.events USING btree (subject_kind, subject, seq);
CREATE INDEX faces_open ON public.faces USING btree (due_at) WHERE (is_open = 1);
CREATE UNIQUE INDEX faces_pkey ON public.faces USING btree (task, source, aspect);
CREATE INDEX feedback_of_task ON public.feedback USING btree (task, id);
CREATE UNIQUE INDEX feedback_pkey ON public.feedback USING btree (id);
CREATE INDEX feedback_unheard ON public.feedback USING btree (task) WHERE (heard_by IS NULL);
CREATE UNIQUE INDEX item_contexts_pkey ON public.item_contexts USING btree (task);
CREATE INDEX job_holds_by_kind ON public.job_holds USING btree (kind, job);
CREATE INDEX job_holds_due ON public.job_holds USING btree (until) WHERE (until IS NOT NULL);
CREATE UNIQUE INDEX job_holds_pkey ON public.job_holds USING btree (job, kind);
CREATE INDEX jobs_by_project ON public.jobs USING btree (project, id);
CREATE INDEX jobs_by_status ON public.jobs USING btree (status, id);
CREATE INDEX jobs_by_task ON public.jobs USING btree (task, id);
CREATE UNIQUE INDEX jobs_claimed ON public.jobs USING btree (run) WHERE (status = 'running'::text);
CREATE UNIQUE INDEX jobs_one_live_per_phase ON public.jobs USING btree (task, phase) WHERE (status = ANY (ARRAY['queued'::text, 'held'::text, 'running'::text]));
CREATE UNIQUE INDEX jobs_pkey ON public.jobs USING btree (id);
CREATE INDEX jobs_ready ON public.jobs USING btree (status, project, agent, free, opens, priority DESC, id) WHERE (status = 'queued'::text);
CREATE INDEX kept_by_project ON public.kept USING btree (project, id);
CREATE INDEX kept_by_status ON public.kept USING btree (status, id);
CREATE INDEX kept_by_task ON public.kept USING btree (task, id);
CREATE UNIQUE INDEX kept_once ON public.kept USING btree (task, name) WHERE (status = 'kept'::text);
CREATE UNIQUE INDEX kept_pkey ON public.kept USING btree (id);
CREATE UNIQUE INDEX lanes_pkey ON public.lanes USING btree (project, agent);
CREATE INDEX loop_marks_by_key ON public.loop_marks USING btree (key, at);
CREATE INDEX loop_marks_by_time ON public.loop_marks USING btree (at);
CREATE UNIQUE INDEX loop_marks_pkey ON public.loop_marks USING btree (id);
CREATE INDEX merges_due ON public.merges USING btree (due_at) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX merges_pkey ON public.merges USING btree (task, seq);
CREATE INDEX messages_leaving ON public.messages USING btree (chat, due_at) WHERE (status = ANY (ARRAY['sending'::text, 'unknown'::text, 'leaving'::text]));
CREATE INDEX messages_of_task ON public.messages USING btree (chat, task, id) WHERE (status <> 'gone'::text);
CREATE UNIQUE INDEX messages_once ON public.messages USING btree (chat, about) WHERE (status = ANY (ARRAY['sending'::text, 'unknown'::text, 'shown'::text]));
CREATE UNIQUE INDEX messages_pkey ON public.messages USING btree (id);
CREATE UNIQUE INDEX messages_remote ON public.messages USING btree (chat, remote) WHERE ((remote IS NOT NULL) AND (status <> 'gone'::text));
CREATE INDEX messages_remotes ON public.messages USING btree (chat, id) WHERE (remote IS NOT NULL);
CREATE UNIQUE INDEX messages_token_key ON public.messages USING btree (token);
CREATE UNIQUE INDEX migrations_pkey ON public.migrations USING btree (number);
CREATE UNIQUE INDEX openings_pkey ON public.openings USING btree (opening, unit);
CREATE INDEX outbox_by_status ON public.outbox USING btree (status, id);
CREATE INDEX outbox_by_subject ON public.outbox USING btree (subject_kind, subject, id);
CREATE INDEX outbox_by_target ON public.outbox USING btree (target, id);
CREATE INDEX outbox_due ON public.outbox USING btree (status, target, due_at, id) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX outbox_pkey ON public.outbox USING btree (id);
CREATE UNIQUE INDEX outside_pkey ON public.outside USING btree (task);
CREATE INDEX outside_unsettled ON public.outside USING btree (due_at) WHERE (is_settled = 0);
CREATE UNIQUE INDEX overrides_pkey ON public.overrides USING btree (schedule);
CREATE UNIQUE INDEX pace_reports_pkey ON public.pace_reports USING btree (account, per);
CREATE UNIQUE INDEX phases_one_open ON public.phases USING btree (task) WHERE (finished_at IS NULL);
CREATE UNIQUE INDEX phases_pkey ON public.phases USING btree (task, seq);
CREATE INDEX projects_by_repo ON public.projects USING btree (repo);
CREATE UNIQUE INDEX projects_pkey ON public.projects USING btree (name);
CREATE INDEX pull_threads_of_task ON public.pull_threads USING btree (task);
CREATE UNIQUE INDEX pull_threads_pkey ON public.pull_threads USING btree (source, repo, number, comment_id);
CREATE INDEX pulls_of_branch ON public.pulls USING btree (project, branch, number);
CREATE INDEX pulls_of_task ON public.pulls USING btree (task);
CREATE INDEX pulls_open ON public.pulls USING btree (project) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX pulls_pkey ON public.pulls USING btree (source, repo, number);
CREATE INDEX questions_due ON public.questions USING btree (until) WHERE ((status = 'open'::text) AND (until IS NOT NULL));
CREATE INDEX questions_of_task ON public.questions USING btree (task, id);
CREATE UNIQUE INDEX questions_one_open ON public.questions USING btree (task) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX questions_pkey ON public.questions USING btree (id);
CREATE UNIQUE INDEX raises_pkey ON public.raises USING btree (project, scope, subject, unit);
CREATE UNIQUE INDEX recurring_pkey ON public.recurring USING btree (name);
CREATE INDEX recurring_slots_by_task ON public.recurring_slots USING btree (schedule, at) WHERE (status = 'fired'::text);
CREATE UNIQUE INDEX recurring_slots_once ON public.recurring_slots USING btree (schedule, local);
CREATE UNIQUE INDEX recurring_slots_pkey ON public.recurring_slots USING btree (schedule, at);
CREATE INDEX refs_by_task ON public.refs USING btree (task);
CREATE UNIQUE INDEX refs_pkey ON public.refs USING btree (project, source, kind, ext_id);
CREATE UNIQUE INDEX refusals_pkey ON public.refusals USING btree (project, agent);
CREATE INDEX replies_by_age ON public.replies USING btree (at);
CREATE UNIQUE INDEX replies_pkey ON public.replies USING btree (source, place, item, person, about);
CREATE UNIQUE INDEX repository_workflows_pkey ON public.repository_workflows USING btree (project);
CREATE UNIQUE INDEX revisions_pkey ON public.revisions USING btree (task, number);
CREATE UNIQUE INDEX routes_pkey ON public.routes USING btree (agent, "position");
CREATE INDEX runs_by_claim ON public.runs USING btree (claimed_at);
CREATE INDEX runs_by_project ON public.runs USING btree (project, seq);
CREATE INDEX runs_by_session ON public.runs USING btree (session) WHERE (session IS NOT NULL);
CREATE INDEX runs_by_status ON public.runs USING btree (status, seq);
CREATE INDEX runs_by_task ON public.runs USING btree (task, seq);
CREATE INDEX runs_crashed ON public.runs USING btree (finished_at) WHERE (failure = ANY (ARRAY['stalled'::text, 'runaway'::text, 'crashed'::text, 'agent_error'::text]));
CREATE UNIQUE INDEX runs_id_key ON public.runs USING btree (id);
CREATE INDEX runs_live_by_project ON public.runs USING btree (project, status) WHERE (status = ANY (ARRAY['starting'::text, 'running'::text, 'exited'::text]));
CREATE UNIQUE INDEX runs_one_live_per_task ON public.runs USING btree (task) WHERE (status = ANY (ARRAY['starting'::text, 'running'::text, 'exited'::text]));
CREATE UNIQUE INDEX runs_pkey ON public.runs USING btree (seq);
CREATE UNIQUE INDEX schedules_pkey ON public.schedules USING btree (name);
CREATE UNIQUE INDEX snapshots_pkey ON public.snapshots USING btree (task, seq);
CREATE INDEX spend_by_subject ON public.spend USING btree (scope, subject, unit);
CREATE UNIQUE INDEX spend_pkey ON public.spend USING btree (project, scope, subject, unit);
CREATE UNIQUE INDEX subjects_pkey ON public.subjects USING btree (kind, name);
CREATE INDEX tasks_by_branch ON public.tasks USING btree (project, branch, seq) WHERE (branch IS NOT NULL);
CREATE INDEX tasks_by_commit ON public.tasks USING btree (project, published_commit, seq) WHERE (published_commit IS NOT NULL);
CREATE INDEX tasks_by_project ON public.tasks USING btree (project, seq);
CREATE INDEX tasks_by_status ON public.tasks USING btree (status, seq);
CREATE UNIQUE INDEX tasks_followed_once ON public.tasks USING btree (follows) WHERE (follows IS NOT NULL);
CREATE UNIQUE INDEX tasks_key_key ON public.tasks USING btree (key);
CREATE UNIQUE INDEX tasks_number ON public.tasks USING btree (prefix, number);
CREATE INDEX tasks_pause_due ON public.tasks USING btree (paused_until) WHERE (paused_until IS NOT NULL);
CREATE UNIQUE INDEX tasks_pkey ON public.tasks USING btree (seq);
CREATE INDEX tasks_unfinished ON public.tasks USING btree (project, seq) WHERE (finished_at IS NULL);
CREATE UNIQUE INDEX turns_pkey ON public.turns USING btree (run, number);
CREATE UNIQUE INDEX usage_pkey ON public.usage USING btree (run, model);
CREATE UNIQUE INDEX watches_pkey ON public.watches USING btree (source, place, kind);
CREATE UNIQUE INDEX wide_holds_pkey ON public.wide_holds USING btree (scope, subject, kind);
CREATE UNIQUE INDEX workflows_pkey ON public.workflows USING btree (hash);

CREATE OR REPLACE FUNCTION public.approvals_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('approved', 'rejected', 'aborted', 'expired', 'superseded'))) then
    raise exception 'approvals: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.ci_waits_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('passed', 'failed', 'expired', 'abandoned'))) then
    raise exception 'ci_waits: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.count_status()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    perform counted(tg_argv[0], null, new.status);
  elsif tg_op = 'DELETE' then
    perform counted(tg_argv[0], old.status, null);
  elsif old.status <> new.status then
    perform counted(tg_argv[0], old.status, new.status);
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.count_wide_hold()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    perform counted('hold', null, new.kind);
  else
    perform counted('hold', old.kind, null);
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.counted(noun text, was text, now text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if was is not null then
    update counters set value = value - 1 where kind = noun and name = was;
  end if;
  if now is not null then
    insert into counters (kind, name, value) values (noun, now, 1)
      on conflict (kind, name) do update set value = counters.value + 1;
  end if;
end $function$
;
CREATE OR REPLACE FUNCTION public.deliveries_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'received' and new.status in ('processed', 'ignored', 'failed'))) then
    raise exception 'deliveries: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.job_forgets_holds()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status = 'held' and new.status <> 'queued' then
    delete from job_holds where job = new.id;
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.job_held()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select 1 from jobs where id = new.job and status not in ('queued', 'held')) then
    raise exception 'job_holds: only a job that waits can be held' using errcode = 'check_violation';
  end if;
  update jobs set status = 'held' where id = new.job and status = 'queued';
  perform counted('hold', null, new.kind);
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.job_held_with_reason()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (new.status = 'held' and not exists (select 1 from job_holds where job = new.id))
    or (tg_op = 'UPDATE' and old.status = 'held' and new.status = 'queued'
        and exists (select 1 from job_holds where job = new.id)) then
    raise exception 'jobs: a job is held exactly while it has a hold' using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.job_makes_lane()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into lanes (project, agent) values (new.project, new.agent) on conflict (project, agent) do nothing;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.job_released()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update jobs set status = 'queued'
    where id = old.job and status = 'held' and not exists (select 1 from job_holds where job = old.job);
  perform counted('hold', old.kind, null);
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.jobs_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'queued' and new.status in ('held', 'running', 'failed', 'cancelled')) or
  (old.status = 'held' and new.status in ('queued', 'failed', 'cancelled')) or
  (old.status = 'running' and new.status in ('done', 'queued', 'failed', 'cancelled'))) then
    raise exception 'jobs: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.kept_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'kept' and new.status in ('published', 'included', 'dropped', 'expired'))) then
    raise exception 'kept: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.merges_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('done', 'failed', 'abandoned'))) then
    raise exception 'merges: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.messages_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'sending' and new.status in ('shown', 'unknown', 'gone')) or
  (old.status = 'unknown' and new.status in ('shown', 'gone')) or
  (old.status = 'shown' and new.status in ('leaving', 'gone')) or
  (old.status = 'leaving' and new.status in ('gone'))) then
    raise exception 'messages: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.outbox_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('sent', 'dead', 'dropped')) or
  (old.status = 'dead' and new.status in ('pending', 'dropped'))) then
    raise exception 'outbox: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.phases_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'pending' and new.status in ('running', 'skipped')) or
  (old.status = 'running' and new.status in ('validating', 'failed')) or
  (old.status = 'validating' and new.status in ('gated', 'completed', 'failed')) or
  (old.status = 'gated' and new.status in ('completed', 'failed')) or
  (old.status = 'failed' and new.status in ('pending'))) then
    raise exception 'phases: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.pulls_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'open' and new.status in ('closed', 'merged')) or
  (old.status = 'closed' and new.status in ('merged', 'open'))) then
    raise exception 'pulls: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.questions_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'open' and new.status in ('answered', 'withdrawn', 'expired'))) then
    raise exception 'questions: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.runs_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'starting' and new.status in ('running', 'exited', 'failed', 'lost', 'killed')) or
  (old.status = 'running' and new.status in ('exited', 'lost', 'killed')) or
  (old.status = 'exited' and new.status in ('succeeded', 'failed', 'lost', 'killed'))) then
    raise exception 'runs: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.tasks_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> new.status and not (
  (old.status = 'waiting' and new.status in ('active', 'failed', 'cancelled', 'paused')) or
  (old.status = 'active' and new.status in ('done', 'failed', 'cancelled', 'blocked', 'paused')) or
  (old.status = 'paused' and new.status in ('done', 'failed', 'cancelled', 'blocked', 'active')) or
  (old.status = 'blocked' and new.status in ('done', 'failed', 'cancelled', 'active')) or
  (old.status = 'failed' and new.status in ('active')) or
  (old.status = 'cancelled' and new.status in ('active'))) then
    raise exception 'tasks: illegal move % -> %', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$
;

CREATE TRIGGER approvals_moves BEFORE UPDATE OF status ON public.approvals FOR EACH ROW EXECUTE FUNCTION approvals_moves();
CREATE TRIGGER ci_waits_moves BEFORE UPDATE OF status ON public.ci_waits FOR EACH ROW EXECUTE FUNCTION ci_waits_moves();
CREATE TRIGGER deliveries_counted AFTER INSERT OR DELETE OR UPDATE OF status ON public.deliveries FOR EACH ROW EXECUTE FUNCTION count_status('delivery');
CREATE TRIGGER deliveries_moves BEFORE UPDATE OF status ON public.deliveries FOR EACH ROW EXECUTE FUNCTION deliveries_moves();
CREATE TRIGGER job_holds_hold AFTER INSERT ON public.job_holds FOR EACH ROW EXECUTE FUNCTION job_held();
CREATE TRIGGER job_holds_release AFTER DELETE ON public.job_holds FOR EACH ROW EXECUTE FUNCTION job_released();
CREATE TRIGGER jobs_change_lanes AFTER UPDATE OF agent ON public.jobs FOR EACH ROW WHEN ((old.agent <> new.agent)) EXECUTE FUNCTION job_makes_lane();
CREATE TRIGGER jobs_counted AFTER INSERT OR DELETE OR UPDATE OF status ON public.jobs FOR EACH ROW EXECUTE FUNCTION count_status('job');
CREATE TRIGGER jobs_forget_holds AFTER UPDATE OF status ON public.jobs FOR EACH ROW EXECUTE FUNCTION job_forgets_holds();
CREATE TRIGGER jobs_held_with_reason BEFORE INSERT OR UPDATE OF status ON public.jobs FOR EACH ROW EXECUTE FUNCTION job_held_with_reason();
CREATE TRIGGER jobs_make_lanes AFTER INSERT ON public.jobs FOR EACH ROW EXECUTE FUNCTION job_makes_lane();
CREATE TRIGGER jobs_moves BEFORE UPDATE OF status ON public.jobs FOR EACH ROW EXECUTE FUNCTION jobs_moves();
CREATE TRIGGER kept_moves BEFORE UPDATE OF status ON public.kept FOR EACH ROW EXECUTE FUNCTION kept_moves();
CREATE TRIGGER merges_moves BEFORE UPDATE OF status ON public.merges FOR EACH ROW EXECUTE FUNCTION merges_moves();
CREATE TRIGGER messages_moves BEFORE UPDATE OF status ON public.messages FOR EACH ROW EXECUTE FUNCTION messages_moves();
CREATE TRIGGER outbox_moves BEFORE UPDATE OF status ON public.outbox FOR EACH ROW EXECUTE FUNCTION outbox_moves();
CREATE TRIGGER phases_moves BEFORE UPDATE OF status ON public.phases FOR EACH ROW EXECUTE FUNCTION phases_moves();
CREATE TRIGGER pulls_moves BEFORE UPDATE OF status ON public.pulls FOR EACH ROW EXECUTE FUNCTION pulls_moves();
CREATE TRIGGER questions_moves BEFORE UPDATE OF status ON public.questions FOR EACH ROW EXECUTE FUNCTION questions_moves();
CREATE TRIGGER runs_counted AFTER INSERT OR DELETE OR UPDATE OF status ON public.runs FOR EACH ROW EXECUTE FUNCTION count_status('run');
CREATE TRIGGER runs_moves BEFORE UPDATE OF status ON public.runs FOR EACH ROW EXECUTE FUNCTION runs_moves();
CREATE TRIGGER tasks_counted AFTER INSERT OR DELETE OR UPDATE OF status ON public.tasks FOR EACH ROW EXECUTE FUNCTION count_status('task');
CREATE TRIGGER tasks_moves BEFORE UPDATE OF status ON public.tasks FOR EACH ROW EXECUTE FUNCTION tasks_moves();
CREATE TRIGGER wide_holds_counted AFTER INSERT OR DELETE ON public.wide_holds FOR EACH ROW EXECUTE FUNCTION count_wide_hold();
