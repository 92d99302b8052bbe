-- Who said last that an account is at its limit, until when by that word, and how often another task has confirmed it.
--
-- Differs from PostgreSQL in integers.

alter table accounts add column reporter text;
alter table accounts add column named_reset integer;
alter table accounts add column confirmations integer not null default 0;
