-- Images of an item have who has put them there, and when; those of before are asked for no more. And dependencies
-- say where they were declared, so that what is taken back there is taken back here, and nothing else.
--
-- Differs from PostgreSQL in json_set.

update item_contexts set context = json_set(context, '$.images', json('[]'), '$.moreImages', 0, '$.at', json('null'));

-- The source, such as `github`; null of what somebody has said here.
alter table dependencies add column source text;
