-- How the text of a task read before a person changed it where it stands outside; and tasks by what they have published.
--
-- Differs from PostgreSQL in STRICT / WITHOUT ROWID.

create table revisions (
  task        text    not null references tasks (key),
  number      integer not null,
  title       text    not null,
  body        text    not null,
  -- Who has changed it then, and when.
  replaced_by text    not null,
  replaced_at integer not null,
  primary key (task, number)
) strict, without rowid;

create index tasks_by_commit on tasks (project, published_commit, seq) where published_commit is not null;
