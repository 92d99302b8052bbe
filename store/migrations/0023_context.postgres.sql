-- What stands at the thing that a task stands for, besides its text: as of when it was asked for. And what the rate
-- breaker has counted.

create table item_contexts (
  task    text   primary key references tasks (key),
  -- JSON: `ItemContext` of workflow/outside/context.ts.
  context text   not null,
  read_at bigint not null
);

-- What was asked again and again lately, by what the rate breaker counts: a loop does not win by our restarts.
create table loop_marks (
  id         bigint generated always as identity primary key,
  key        text   not null,
  at         bigint not null,
  is_tripped bigint not null
);
create index loop_marks_by_key on loop_marks (key, at);
create index loop_marks_by_time on loop_marks (at);
