/** When digests are told: once per chat and slot, whoever looks, and not hours late. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { digestOf } from "../../../notifier/digests/call.ts";
import {
  type DigestChat,
  type DigestPorts,
  runDigests,
  tellDigests,
} from "../../../notifier/digests/digests.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import type { Clock } from "../../../system/clock.ts";
import { openDatabase, putTask, NOW as STORED } from "../../conformance/database.ts";
import { heardLog } from "../../handlers/hand-moved.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A minute after the slot, which is a minute after the tasks of the database have ended. */
const NOW = STORED + 120_000;
const SLOT = STORED + 60_000;

const digest = { every: "day", at: "08:00", timezone: "UTC" } as const;
const TEAM: DigestChat = { key: "telegram:team", projects: null, digest };

async function staged(t: TestContext, chats: readonly DigestChat[] = [TEAM], now = NOW) {
  const database = await openDatabase(() => openSqlite(":memory:"));
  t.after(() => database.store.close());
  const log = heardLog();
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
  const ports: DigestPorts = {
    ...{ store: database.store, clock, log, chats: () => chats, windows: () => [], redact: (text) => text },
    slots: () => ({ last: SLOT, before: SLOT - DAY }),
  };
  const said = async (key = TEAM.key) =>
    (await database.store.outbox.due(key, NOW + DAY, 10)).map((call) => JSON.stringify(digestOf(call)));
  return { database, ports, said, log };
}

test("D1: a slot is told once per chat, by two daemons and after a restart", async (t) => {
  const ops = { ...TEAM, key: "slack:ops" };
  const { database, ports, said } = await staged(t, [TEAM, ops]);
  await putTask(database, 1, "done");
  await Promise.all([tellDigests(ports, new Set()), tellDigests(ports, new Set())]);
  await tellDigests(ports, new Set());
  const [one, ...more] = await said();
  assert.match(one ?? "", /1 done.*SHOP-1/);
  assert.equal(more.length, 0);
  assert.equal((await said("slack:ops")).length, 1);
  const later = { ...ports, slots: () => ({ last: SLOT + 1, before: SLOT - DAY }) };
  await tellDigests(later, new Set());
  assert.equal((await said()).length, 2, "the next slot is another");
});

test("a chat of some projects hears of these alone, and what ended after the slot waits for the next", async (t) => {
  const { database, ports, said } = await staged(t, [{ ...TEAM, projects: ["barn"] }]);
  await putTask(database, 1, "done");
  await putTask(database, 2, "blocked", "barn");
  await database.engine.script("update tasks set finished_at = null where number = 2");
  await putTask(database, 3, "failed", "barn");
  await database.engine.script(`update tasks set finished_at = ${SLOT} where number = 3`);
  await tellDigests(ports, new Set());
  const [one = ""] = await said();
  assert.match(one, /BARN-2/);
  assert.doesNotMatch(one, /SHOP-1|BARN-3/);
});

test("D2: what was missed for long is left out, and so is a day without anything", async (t) => {
  const late = await staged(t, [TEAM], SLOT + 6 * HOUR + 1);
  await putTask(late.database, 1, "done");
  await tellDigests(late.ports, new Set());
  assert.deepEqual(await late.said(), []);
  const quiet = await staged(t);
  const told = new Set<string>();
  await tellDigests(quiet.ports, told);
  await putTask(quiet.database, 1, "done");
  await tellDigests(quiet.ports, told);
  assert.deepEqual(await quiet.said(), []);
});

test("a database that cannot be read is told of, and it is looked at again", async (t) => {
  const { database, ports, said, log } = await staged(t);
  await putTask(database, 1, "done");
  const end = new AbortController();
  let looks = 0;
  const chats = (): readonly DigestChat[] => {
    looks += 1;
    if (looks === 1) throw new Error("the disk is full");
    return [TEAM];
  };
  const sleep = async (): Promise<void> => (looks >= 2 ? end.abort() : undefined);
  await runDigests({ ...ports, chats }, { ...ports.clock, sleep }, end.signal);
  assert.equal(log.lines[0]?.event, "digests.faulted");
  assert.equal((await said()).length, 1);
});
