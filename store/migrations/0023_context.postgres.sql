-- What stands at the thing that a task stands for, besides its text: as of when it was asked for.

create table item_contexts (
  task    text   primary key references tasks (key),
  -- JSON: `ItemContext` of workflow/outside/context.ts.
  context text   not null,
  read_at bigint not null
);
