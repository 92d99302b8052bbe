-- Chats: what is shown in them of which task, and every message that was ever sent there.
--
-- Differs from SQLite in identities and STRICT / WITHOUT ROWID.

create table chats (
  chat       text    primary key,
  settings   text    not null,
  moved_to   text,
  newest     text,
  wide       text    not null default '',
  -- Tasks up to here have their cards, and those up to `since_seq` that were finished then never get one.
  since_seq  bigint  not null,
  after_seq  bigint  not null,
  closed_at  bigint,
  retry_at   bigint,
  reason     text,
  remedy     text
);

create table cards (
  chat           text    not null,
  task           text    not null references tasks (key),
  seen           text    not null default '',
  state          text    not null default '',
  seen_active    bigint,
  drawn_at       bigint  not null default 0,
  due_at         bigint  not null default 0,
  is_asked       bigint  not null default 0 check (is_asked in (0, 1)),
  is_settled     bigint  not null default 0 check (is_settled in (0, 1)),
  primary key (chat, task)
);
create index cards_unsettled on cards (chat, due_at) where is_settled = 0;
create index cards_of_task on cards (task);

create table messages (
  id           bigint  generated always as identity primary key,
  chat         text    not null,
  task         text,
  purpose      text    not null check (purpose in ('card', 'ask', 'notice', 'reply', 'digest')),
  about        text    not null,
  token        text    not null unique,
  status       text    not null,
  remote       text,
  shown        text,
  is_plain     bigint  not null default 0 check (is_plain in (0, 1)),
  after        text,
  reply_to     text,
  meaning      text,
  tries        bigint  not null default 0,
  due_at       bigint  not null,
  error        text,
  begun_at     bigint  not null,
  sent_at      bigint,
  edited_at    bigint,
  finished_at  bigint,
  constraint messages_status_known check (1 = 1),
  constraint messages_finished_when_final check (1 = 1)
);
create unique index messages_once on messages (chat, about) where status in ('sending', 'unknown', 'shown');
create unique index messages_remote on messages (chat, remote) where remote is not null and status <> 'gone';
create index messages_leaving on messages (chat, due_at) where status in ('sending', 'unknown', 'leaving');
create index messages_of_task on messages (chat, task, id) where status <> 'gone';
create index messages_remotes on messages (chat, id) where remote is not null;
