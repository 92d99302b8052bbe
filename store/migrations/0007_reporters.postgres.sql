-- Who said last that an account is at its limit, until when by that word, and how often another task has confirmed it.
--
-- Differs from SQLite in integers.

alter table accounts add column reporter text;
alter table accounts add column named_reset bigint;
alter table accounts add column confirmations bigint not null default 0;
