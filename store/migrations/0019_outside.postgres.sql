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
