/** Chats, cards and the ledger of messages. */

import assert from "node:assert/strict";
import { CARDS_MAX } from "../../store/chat/cards.ts";
import type { NewMessage } from "../../store/chat/messages.ts";
import { type ChatMessage, type MessageStatus, messageMoves } from "../../workflow/chat/message.ts";
import type { TestDatabase } from "./database.ts";
import { changeOf, type Exercise, NOW, putHold, putJob, putRun, putTask, write } from "./database.ts";

const TEAM = "telegram:team";
const OPS = "slack:ops";
const ALL = Number.MAX_SAFE_INTEGER;

export function exerciseChat(exercise: Exercise): void {
  exerciseChats(exercise);
  exerciseAdoption(exercise);
  exerciseDue(exercise);
  exerciseLedger(exercise);
  exerciseLost(exercise);
  exerciseMoves(exercise);
}

async function tasksOf({ store }: TestDatabase, chat: string): Promise<readonly string[]> {
  return (await store.cards.due(chat, ALL, ALL, 10_000)).map(({ task }) => task).sort();
}

async function adopted(
  database: TestDatabase,
  projects: readonly string[] | null = null,
  isThorough = false,
): Promise<readonly string[]> {
  await database.store.cards.adopt(TEAM, projects, isThorough);
  return await tasksOf(database, TEAM);
}

/** Draws all of a chat as they stand. */
async function drawAll({ store }: TestDatabase, isSettled = false, now = NOW): Promise<void> {
  for (const card of await store.cards.due(TEAM, ALL, ALL, 10_000)) {
    const seen = { seen: card.mark, seenActive: card.active };
    await store.cards.drawn(card, { ...seen, isAsked: false, isSettled, state: "working" }, now);
  }
}

async function marked(database: TestDatabase): Promise<readonly string[]> {
  return (await database.store.cards.due(TEAM, NOW, -1, 100)).map(({ task }) => task);
}

function exerciseChats(exercise: Exercise): void {
  exercise(
    "a chat is known once, closes and opens, and stays closed since the first time",
    async ({ store: { chats } }) => {
      await chats.configure(TEAM, "a", NOW);
      const plain = { ...{ chat: TEAM, settings: "a", movedTo: null, newest: null, wide: "" }, ...OPEN };
      assert.deepEqual(await chats.all(), [plain]);
      assert.equal(await chats.open(TEAM), false);
      await chats.close(TEAM, { reason: "kicked", remedy: "invite it" }, NOW, NOW + 5);
      await chats.close(TEAM, { reason: "gone", remedy: "ask" }, NOW + 9, NOW + 20);
      const closed = { closedAt: NOW, retryAt: NOW + 20, reason: "gone", remedy: "ask" };
      assert.deepEqual(await chats.all(), [{ ...plain, ...closed }]);
      assert.equal(await chats.open(TEAM), true);
      assert.deepEqual(await chats.all(), [plain]);
    },
  );

  exercise(
    "other settings open a chat and bring it back to its own id; the same change nothing",
    async (database) => {
      const { chats } = database.store;
      await chats.configure(TEAM, "a", NOW);
      await chats.close(TEAM, { reason: "kicked", remedy: "invite it" }, NOW, NOW + 5);
      await chats.moved(TEAM, "-100", NOW);
      await chats.renew(TEAM, "holds");
      const [before] = await chats.all();
      await chats.configure(TEAM, "a", NOW);
      assert.deepEqual(await chats.all(), [before]);
      assert.deepEqual([before?.movedTo, before?.closedAt, before?.wide], ["-100", NOW, "holds"]);
      await chats.configure(TEAM, "b", NOW);
      const [after] = await chats.all();
      assert.deepEqual(
        [after?.settings, after?.movedTo, after?.closedAt, after?.retryAt, after?.wide],
        ["b", null, null, null, ""],
      );
    },
  );

  exercise("a chat that has moved has lost its messages, and its cards are drawn anew", async (database) => {
    const { chats, cards, messages } = database.store;
    const task = await putTask(database, 1);
    await chats.configure(TEAM, "a", NOW);
    await cards.adopt(TEAM, null, false);
    await chats.noteNewest(TEAM, "77");
    const first = await shown(database, { about: "one" });
    const ids = [first, await putMessage(database, "leaving")];
    const others = await shown(database, { chat: OPS });
    await drawAll(database);
    assert.deepEqual(await marked(database), []);
    const [{ remote: before }, { remote: other }] = [await get(database, first), await get(database, others)];
    await chats.moved(TEAM, "-100", NOW + 1);
    for (const id of ids) assert.equal((await get(database, id)).status, "gone");
    // In the new place the same ids are of other messages.
    assert.equal(await messages.find({ chat: TEAM, remote: String(before) }), null);
    assert.ok(await messages.find({ chat: OPS, remote: String(other) }));
    assert.equal((await get(database, others)).status, "shown");
    assert.deepEqual(await marked(database), [task]);
    const inNewPlace = await shown(database, { about: "new" });
    await drawAll(database);
    await chats.moved(TEAM, "-100", NOW + 2);
    assert.equal((await get(database, inNewPlace)).status, "shown", "told again it changes nothing");
    assert.deepEqual(await marked(database), []);
    const [{ movedTo, newest } = { movedTo: "", newest: "" }] = await chats.all();
    assert.deepEqual([movedTo, newest], ["-100", null]);
    assert.equal((await messages.remotes(TEAM)).size, 1);
  });

  exercise("what concerns many draws all cards anew, but for settled ones", async (database) => {
    const { chats, cards } = database.store;
    const [open, over] = [await putTask(database, 1), await putTask(database, 2)];
    await chats.configure(TEAM, "a", NOW);
    await cards.adopt(TEAM, null, false);
    await drawAll(database);
    await settle(database, over);
    await chats.renew(TEAM, "w");
    assert.deepEqual(await marked(database), [open]);
    assert.equal((await chats.all())[0]?.wide, "w");
  });
}

const OPEN = { closedAt: null, retryAt: null, reason: null, remedy: null };

async function settle({ store }: TestDatabase, task: string): Promise<void> {
  const drawn = { seen: "x", seenActive: null, isAsked: false, isSettled: true, state: "done" };
  await store.cards.drawn({ chat: TEAM, task }, drawn, NOW);
}

function exerciseAdoption(exercise: Exercise): void {
  exercise(
    "tasks that were finished before a chat was known never come to it; all others do",
    async (database) => {
      await putTask(database, 1, "done");
      const open = await putTask(database, 2);
      await putTask(database, 3, "failed");
      await database.store.chats.configure(TEAM, "a", NOW);
      const quick = await putTask(database, 4, "done");
      assert.deepEqual(await adopted(database), [open, quick]);
      const late = await putTask(database, 5);
      assert.deepEqual(await adopted(database), [open, quick, late]);
      assert.deepEqual(await tasksOf(database, OPS), []);
    },
  );

  exercise("a chat has the tasks of its projects, and what it has is brought once", async (database) => {
    await database.store.chats.configure(TEAM, "a", NOW);
    const shop = await putTask(database, 1);
    await putTask(database, 1, "active", "barn");
    assert.deepEqual(await adopted(database, ["shop", "it's"]), [shop]);
    await settle(database, shop);
    assert.deepEqual(await adopted(database, ["shop"]), []);
    assert.deepEqual(await adopted(database, ["shop"], true), []);
  });

  exercise("a number that appears late is found by a thorough look", async (database) => {
    await database.store.chats.configure(TEAM, "a", NOW);
    const at = (seq: number) =>
      write(
        database,
        `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at, seq)
         ${database.engine.name === "postgres" ? "overriding system value" : ""} values ($1, 'shop', 'SHOP', $2, 't', '', 'active', 'single', 0, 1, 1, $2)`,
        [`SHOP-${seq}`, seq],
      );
    await at(5_000);
    await adopted(database);
    await at(4_990);
    assert.deepEqual(await adopted(database), ["SHOP-5000"]);
    assert.deepEqual(await adopted(database, null, true), ["SHOP-4990", "SHOP-5000"]);
  });

  exercise(
    "a chat has so many unsettled cards at most; the others come when these are settled",
    async (database) => {
      await database.store.chats.configure(TEAM, "a", NOW);
      await many(database, CARDS_MAX + 3);
      for (let times = 0; times < 8; times++) await adopted(database);
      assert.equal((await tasksOf(database, TEAM)).length, CARDS_MAX);
      await settle(database, "SHOP-1");
      const now = await adopted(database);
      assert.equal(now.length, CARDS_MAX);
      assert.ok(!now.includes("SHOP-1"));
    },
  );

  exercise(
    "a task that is begun again is unsettled, and comes to chats that were not there before",
    async (database) => {
      const { store } = database;
      const old = await putTask(database, 1, "failed");
      await many(database, 150, 10);
      await store.chats.configure(TEAM, "a", NOW);
      for (let times = 0; times < 3; times++) await adopted(database, null, true);
      const known = await putTask(database, 500, "failed");
      assert.ok((await adopted(database)).includes(known));
      await settle(database, known);
      for (const key of [old, known]) {
        const again = changeOf(key, { task: { change: "retry", reason: null } });
        assert.equal((await store.commit([again], null, NOW)).kind, "committed");
      }
      const now = await adopted(database);
      assert.ok(now.includes(known), "unsettled");
      assert.ok(now.includes(old), "it has come");
    },
  );
}

/** Active tasks with numbers from `first` on. */
async function many(database: TestDatabase, count: number, first = 1): Promise<void> {
  await write(
    database,
    `with recursive n(i) as (select cast($1 as bigint) union all select i + 1 from n where i < $2)
     insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at)
     select 'SHOP-' || cast(i as text), 'shop', 'SHOP', i, 't', '', 'active', 'single', 0, 1, 1 from n`,
    [first, first + count - 1],
  );
}

function exerciseDue(exercise: Exercise): void {
  exercise(
    "cards are due in order: what wants a person, what has moved, longest ago first, what an agent does",
    async (database) => {
      const { store } = database;
      const keys: string[] = [];
      for (const [number, status] of ["active", "active", "blocked", "blocked", "active"].entries())
        keys.push(await putTask(database, number + 1, status));
      await store.chats.configure(TEAM, "a", NOW);
      await adopted(database);
      const cards = await store.cards.due(TEAM, NOW, -1, 100);
      for (const [index, card] of cards.entries())
        await store.cards.drawn(
          card,
          {
            ...{ seen: card.mark, seenActive: null, isSettled: false, state: "x" },
            isAsked: card.task === keys[2],
          },
          NOW - index,
        );
      assert.deepEqual(await marked(database), []);
      await putRun(database, "r", keys[4] ?? "", "running");
      await drawAll(database, false, NOW - 100);
      await write(database, "update runs set active_at = $1", [NOW]);
      for (const key of keys.slice(0, 4))
        await write(database, "update tasks set version = version + 1 where key = $1", [key]);
      const due = async (activeBefore: number): Promise<readonly string[]> =>
        (await store.cards.due(TEAM, NOW, activeBefore, 100)).map(({ task }) => task);
      const [first, second, asked, wanting, working] = keys;
      const [a, b, c] = (await store.cards.due(TEAM, NOW, -1, 100)).slice(1).map(({ drawnAt }) => drawnAt);
      assert.ok((a ?? 0) <= (b ?? 0) && (b ?? 0) <= (c ?? 0));
      assert.deepEqual(await due(-1), [wanting, second, first, asked]);
      assert.deepEqual(await due(NOW), [wanting, second, first, asked, working]);
      assert.deepEqual(await due(NOW - 101), [wanting, second, first, asked]);
      const [top] = await store.cards.due(TEAM, NOW, -1, 1);
      assert.equal(top?.task, wanting);
    },
  );

  exercise(
    "a card is due when its task, its job, a hold or its run has moved, and not before its time",
    async (database) => {
      const { store } = database;
      const key = await putTask(database, 1);
      await store.chats.configure(TEAM, "a", NOW);
      await adopted(database);
      const job = await putJob(database, key, "queued");
      const steps: readonly (() => Promise<unknown>)[] = [
        () => write(database, "update jobs set fence = 9 where id = $1", [job]),
        () => putHold(database, job, "backoff", NOW + 5),
        () => putHold(database, job, "budget"),
        () => write(database, "delete from job_holds where kind = 'backoff'"),
        () => putRun(database, "r", key, "starting"),
        () => write(database, "update runs set status = 'running'"),
        () => write(database, "update runs set stop = 'cancel'"),
        () => write(database, "update tasks set version = version + 1"),
      ];
      for (const [index, step] of steps.entries()) {
        await drawAll(database);
        assert.deepEqual(await marked(database), []);
        await step();
        assert.deepEqual(await marked(database), [key], `step ${index}`);
      }
      await store.cards.putOff({ chat: TEAM, task: key }, NOW + 7);
      assert.deepEqual(await marked(database), []);
      assert.equal(await store.cards.nextDue(TEAM, NOW), NOW + 7);
      assert.equal(await store.cards.nextDue(TEAM, NOW + 7), null);
      assert.equal((await store.cards.due(TEAM, NOW + 7, -1, 1)).length, 1);
    },
  );
}

let tokens = 0;

function message(more: Partial<NewMessage> = {}): NewMessage {
  return {
    ...{ chat: TEAM, task: "SHOP-1", purpose: "card", about: "card SHOP-1", token: `token ${++tokens}` },
    ...{ isPlain: false, after: null, replyTo: null, meaning: null, replaces: null },
    ...more,
  };
}

async function get({ engine, store }: TestDatabase, id: number): Promise<ChatMessage> {
  const [row] = await engine.all("select token from messages where id = $1", [id]);
  const found = await store.messages.find({ token: String(row?.["token"]) });
  assert.ok(found !== null);
  return found;
}

async function begun({ store }: TestDatabase, more: Partial<NewMessage> = {}, now = NOW): Promise<number> {
  const id = await store.messages.begin(message(more), now);
  assert.ok(id !== null);
  return id;
}

async function shown(database: TestDatabase, more: Partial<NewMessage> = {}): Promise<number> {
  const id = await begun(database, more);
  assert.equal(await database.store.messages.arrived(id, `remote ${id}`, "digest", NOW), true);
  return id;
}

/** In any status, about a thing of its own. */
async function putMessage(
  database: TestDatabase,
  status: MessageStatus,
  more: Partial<NewMessage> = {},
): Promise<number> {
  const { messages } = database.store;
  const id = await begun(database, { about: `thing ${++tokens}`, ...more });
  if (status === "unknown" || status === "gone") await messages.lost(id, "no answer", NOW);
  if (status === "shown" || status === "leaving") await messages.arrived(id, `remote ${id}`, "digest", NOW);
  if (status === "leaving") await messages.leave(id, NOW);
  if (status === "gone") await messages.end(id, "over", NOW);
  assert.equal((await get(database, id)).status, status);
  return id;
}

function exerciseLedger(exercise: Exercise): void {
  exercise("a message takes its place alone, until it leaves or is gone", async (database) => {
    const { messages } = database.store;
    const id = await begun(database);
    assert.equal(await messages.begin(message(), NOW), null);
    await messages.lost(id, "no answer", NOW);
    assert.equal(await messages.begin(message(), NOW), null);
    await messages.arrived(id, "7", null, NOW);
    assert.equal(await messages.begin(message(), NOW), null);
    assert.equal((await messages.standing(TEAM, "card SHOP-1"))?.id, id);
    await begun(database, { chat: OPS });
    await messages.leave(id, NOW);
    assert.equal(await messages.standing(TEAM, "card SHOP-1"), null);
    await begun(database);
  });

  exercise("of several that begin the same at once one does", async ({ store: { messages } }) => {
    const ids = await Promise.all([1, 2, 3].map(() => messages.begin(message(), NOW)));
    assert.equal(ids.filter((id) => id !== null).length, 1);
  });

  exercise("what replaces another makes it leave with the same stroke, or not at all", async (database) => {
    const { messages } = database.store;
    const old = await shown(database);
    const next = await begun(database, { replaces: old });
    assert.equal((await get(database, old)).status, "leaving");
    assert.equal((await get(database, next)).status, "sending");
    const other = await shown(database, { about: "approval 1" });
    assert.equal(await messages.begin(message({ replaces: other }), NOW), null);
    assert.equal((await get(database, other)).status, "shown");
  });

  exercise(
    "a message is read as it was written, by its token and by its id in the chat",
    async (database) => {
      const { messages } = database.store;
      const answers = { replyTo: "5", meaning: "approve.1", after: "6", isPlain: true };
      const id = await begun(database, { ...answers, token: "tok", purpose: "reply", task: null });
      const row = {
        ...{ id, chat: TEAM, task: null, purpose: "reply", about: "card SHOP-1", token: "tok", ...answers },
        ...{ status: "sending", remote: null, shown: null, tries: 0, dueAt: NOW, error: null, begunAt: NOW },
        ...{ sentAt: null, editedAt: null, finishedAt: null },
      };
      assert.deepEqual(await messages.find({ token: "tok" }), row);
      await messages.arrived(id, "9", "ab", NOW + 1);
      const sent = { ...row, status: "shown", remote: "9", shown: "ab", sentAt: NOW + 1 };
      assert.deepEqual(await messages.find({ chat: TEAM, remote: "9" }), sent);
      assert.equal(await messages.find({ chat: OPS, remote: "9" }), null);
      await messages.edited(id, "cd", NOW + 2);
      await messages.makePlain(id);
      assert.deepEqual(await messages.find({ token: "tok" }), { ...sent, shown: null, editedAt: NOW + 2 });
      await messages.end(id, null, NOW + 3);
      const gone = await messages.find({ chat: TEAM, remote: "9" });
      assert.deepEqual([gone?.id, gone?.status], [id, "gone"]);
      const next = await begun(database, { about: "card SHOP-2", token: "next" });
      await messages.arrived(next, "9", "ab", NOW + 4);
      assert.equal((await messages.find({ chat: TEAM, remote: "9" }))?.id, next);
      assert.deepEqual([...(await messages.remotes(TEAM))], ["9"]);
    },
  );

  exercise("of a task are told all messages of a chat but those that are gone", async (database) => {
    const ids: number[] = [];
    for (const status of messageMoves.statuses) ids.push(await putMessage(database, status as MessageStatus));
    await putMessage(database, "shown", { chat: OPS });
    await putMessage(database, "shown", { task: "SHOP-2" });
    const told = await database.store.messages.ofTask(TEAM, "SHOP-1");
    assert.deepEqual(
      told.map(({ id }) => id),
      ids.filter((_, index) => messageMoves.statuses[index] !== "gone"),
    );
  });
}

function exerciseLost(exercise: Exercise): void {
  exercise(
    "what arrives when nobody waits for it any more gets a row that leaves, once",
    async (database) => {
      const { messages } = database.store;
      const id = await begun(database);
      await messages.lost(id, "no answer", NOW);
      await messages.end(id, "it never arrived", NOW);
      for (let times = 0; times < 2; times++)
        assert.equal(await messages.arrived(id, "42", "digest", NOW + 5), false);
      assert.equal((await get(database, id)).status, "gone");
      const orphan = await messages.find({ chat: TEAM, remote: "42" });
      assert.deepEqual(
        [orphan?.status, orphan?.task, orphan?.about, orphan?.dueAt],
        ["leaving", "SHOP-1", "card SHOP-1", NOW + 5],
      );
      assert.deepEqual(
        (await messages.due(TEAM, NOW + 5, 9)).map(({ remote }) => remote),
        ["42"],
      );
      assert.ok((await get(database, orphan?.id ?? 0)).error?.includes("nobody waited"));
    },
  );

  exercise("an id that is known to be another's is taken by nobody else", async (database) => {
    const { messages } = database.store;
    const first = await shown(database, { about: "a" });
    const second = await begun(database, { about: "b" });
    assert.equal(await messages.arrived(second, `remote ${first}`, null, NOW), false);
    assert.equal((await get(database, second)).status, "sending");
    assert.equal((await messages.find({ chat: TEAM, remote: `remote ${first}` }))?.id, first);
  });

  exercise("what an earlier daemon was sending is unknown, but for what is in hand", async (database) => {
    const { chats, messages } = database.store;
    for (const chat of [TEAM, OPS]) await chats.configure(chat, "a", NOW);
    const mine = await putMessage(database, "sending");
    const others = [
      await putMessage(database, "sending"),
      await putMessage(database, "sending", { chat: OPS }),
    ];
    const still = await putMessage(database, "shown");
    assert.equal(await messages.loseOthers([mine], NOW + 1), 2);
    assert.equal(await messages.loseOthers([mine], NOW + 1), 0);
    assert.equal((await get(database, mine)).status, "sending");
    assert.equal((await get(database, still)).status, "shown");
    for (const id of others) assert.equal((await get(database, id)).status, "unknown");
    assert.equal(await messages.loseOthers([], NOW + 1), 1);
  });

  exercise(
    "what is unknown comes before what leaves; what a call has said is looked for by the call",
    async (database) => {
      const { messages } = database.store;
      const leaving = await putMessage(database, "leaving");
      const unknown = await putMessage(database, "unknown");
      const later = await putMessage(database, "unknown", { purpose: "ask" });
      await putMessage(database, "unknown", { purpose: "notice" });
      const notice = await putMessage(database, "leaving", { purpose: "notice" });
      await messages.putOff(later, "busy", NOW + 5, true);
      const due = async (now: number, limit = 9) =>
        (await messages.due(TEAM, now, limit)).map(({ id }) => id);
      assert.deepEqual(await due(NOW), [unknown, leaving, notice]);
      assert.deepEqual(await due(NOW + 5), [unknown, later, leaving, notice]);
      assert.deepEqual(await due(NOW, 1), [unknown]);
      assert.equal(await messages.nextDue(TEAM, NOW), NOW + 5);
      assert.equal(await messages.nextDue(TEAM, NOW + 5), null);
      const { tries, error } = await get(database, later);
      assert.deepEqual([tries, error], [1, "busy"]);
      await messages.putOff(later, null, NOW + 6, false);
      assert.equal((await get(database, later)).tries, 1);
    },
  );
}

function exerciseMoves(exercise: Exercise): void {
  for (const status of messageMoves.statuses as readonly MessageStatus[]) {
    const verbs: readonly [
      verb: keyof typeof messageMoves.moves,
      act: (database: TestDatabase, id: number) => Promise<unknown>,
    ][] = [
      ["arrive", ({ store }, id) => store.messages.arrived(id, `remote ${id}`, "digest", NOW + 1)],
      ["lose", ({ store }, id) => store.messages.lost(id, "no answer", NOW + 1)],
      ["leave", ({ store }, id) => store.messages.leave(id, NOW + 1)],
      ["end", ({ store }, id) => store.messages.end(id, "over", NOW + 1)],
    ];
    for (const [verb, act] of verbs) {
      const to = new Map<string, string>(Object.entries(messageMoves.moves[verb])).get(status);
      exercise(
        `a message that is ${status} can ${to === undefined ? "not " : ""}'${verb}'`,
        async (database) => {
          const id = await putMessage(database, status);
          const before = await get(database, id);
          await act(database, id);
          const after = await get(database, id);
          if (to === undefined) assert.deepEqual(after, before);
          else assert.equal(after.status, to);
          assert.equal(after.finishedAt !== null, after.status === "gone");
        },
      );
    }
  }
}
