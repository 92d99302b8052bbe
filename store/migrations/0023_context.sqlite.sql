-- What stands at the thing that a task stands for, besides its text: as of when it was asked for. And what the rate
-- breaker has counted.
--
-- Differs from PostgreSQL in STRICT / WITHOUT ROWID.

create table item_contexts (
  task    text    primary key references tasks (key),
  -- JSON: `ItemContext` of workflow/outside/context.ts.
  context text    not null,
  read_at integer not null
) strict, without rowid;

-- What was asked again and again lately, by what the rate breaker counts: a loop does not win by our restarts.
create table loop_marks (
  id         integer primary key,
  key        text    not null,
  at         integer not null,
  is_tripped integer not null
) strict;
create index loop_marks_by_key on loop_marks (key, at);
create index loop_marks_by_time on loop_marks (at);
