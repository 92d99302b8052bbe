-- Images of an item have who has put them there, and when; those of before are asked for no more. And dependencies
-- say where they were declared, so that what is taken back there is taken back here, and nothing else.
--
-- Differs from SQLite in the concatenation of JSON.

update item_contexts set context = cast(cast(context as jsonb) || '{"images": [], "moreImages": 0, "at": null}' as text);

-- The source, such as `github`; null of what somebody has said here.
alter table dependencies add column source text;
