-- What stands at the thing that a task stands for, besides its text: as of when it was asked for.
--
-- Differs from PostgreSQL in STRICT / WITHOUT ROWID.

create table item_contexts (
  task    text    primary key references tasks (key),
  -- JSON: `ItemContext` of workflow/outside/context.ts.
  context text    not null,
  read_at integer not null
) strict, without rowid;
