-- What the outbox loop asks and remembers: tries whose end nobody has seen, since when its patience is counted, and what
-- is due per target, so that a target that does not answer keeps no other waiting.
--
-- Differs from SQLite in integers.

alter table outbox add column begun_at bigint;
alter table outbox add column owed_since bigint not null default 0;
update outbox set owed_since = created_at;

drop index outbox_due;
create index outbox_due on outbox (status, target, due_at, id) where status = 'pending';
create index outbox_by_target on outbox (target, id);
