-- What is told at forges and trackers.
--
-- Differs from SQLite in STRICT / WITHOUT ROWID.

-- Who was told at which item that something was refused; so it is told once.
create table replies (
  source  text    not null,
  place   text    not null,
  item    text    not null,
  person  text    not null,
  about   text    not null,
  at      bigint  not null,
  primary key (source, place, item, person, about)
);
create index replies_by_age on replies (at);

-- What was looked at of a task to tell it outside: which mark, and when it is looked at again.
create table outside (
  task        text    primary key references tasks (key),
  seen        text    not null default '',
  due_at      bigint  not null default 0,
  is_settled  bigint  not null default 0 check (is_settled in (0, 1))
);
create index outside_unsettled on outside (due_at) where is_settled = 0;
insert into outside (task) select key from tasks where finished_at is null;

-- What a task shows at a source, by aspect (its comment, its labels …): what is wished for, and what stands there.
create table faces (
  task       text    not null references tasks (key),
  source     text    not null,
  aspect     text    not null,
  place      text    not null,
  item       text    not null,
  wish       text    not null,
  -- Hashes of the wish and of the one that is known to stand there; nobody knows while a call is being made.
  wished     text    not null,
  told       text,
  is_open    bigint  not null default 1 check (is_open in (0, 1)),
  remote     text,
  url        text,
  error      text,
  wished_at  bigint  not null,
  told_at    bigint ,
  due_at     bigint  not null default 0,
  primary key (task, source, aspect)
);
create index faces_open on faces (due_at) where is_open = 1;
