-- Each source has a lane of the inbox of its own, so what is due is found by source.
--
-- The same on SQLite.

drop index deliveries_due;
create index deliveries_due_by_source on deliveries (source, not_before, id) where status = 'received';
