-- What was found out at sources by asking, and up to when; and of deliveries, which change each of them tells of.
--
-- Differs from SQLite in STRICT / WITHOUT ROWID.

create table watches (
  source       text    not null,
  place        text    not null,
  -- Of what: items, comments, hooks.
  kind         text    not null,
  -- By the clock of the source (ms): everything that has changed before is known.
  since        bigint  not null,
  etag         text,
  primary key (source, place, kind)
);

-- Semantic: two deliveries that have the same tell of the same change.
alter table deliveries add column change_key text;
create index deliveries_of_change on deliveries (source, change_key) where change_key is not null;
