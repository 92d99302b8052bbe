/** What the reaper sees, what it is spared, and what it remembers from look to look. */

import assert from "node:assert/strict";
import test from "node:test";
import { StoreFault } from "../../store/engine/engine.ts";
import { identity, MINUTE, ScriptedHost, SECOND } from "./scripted-host.ts";

test("A row that cannot even be looked at is logged, and the next one is looked at", async () => {
  const it = new ScriptedHost();
  it.put({ id: "bad", task: "SHOP-1", startedAt: it.now - 60 * MINUTE });
  it.put({ id: "good", task: "SHOP-2", startedAt: it.now - 60 * MINUTE, identity: identity(5) });
  const isAlive = it.ports.processes.isAlive;
  const broken = {
    ...it.ports.processes,
    isAlive: (one: Parameters<typeof isAlive>[0]) => {
      if (one.pid === 4_711) throw new Error("no /proc today");
      return isAlive(one);
    },
  };
  Object.assign(it.ports, { processes: broken });
  assert.deepEqual(await it.rounds(5 * SECOND), ["ask good timeout", "SIGTERM 5"]);
  assert.ok(it.lines.some((line) => line.event === "reaper.faulted" && line.run === "bad"));
});

test("A database that does not answer costs a round, and no grace", async () => {
  const it = new ScriptedHost();
  it.put({}, { inHand: false, lives: false });
  await it.round();
  const { live } = it.ports.runs;
  const fault = (): Promise<never> => Promise.reject(new StoreFault("busy", "busy", "wait"));
  Object.assign(it.ports.runs, { live: fault });
  assert.deepEqual(await it.rounds(10 * SECOND), []);
  Object.assign(it.ports.runs, { live });
  assert.deepEqual(await it.rounds(5 * SECOND), ["adopt r1"]);
});

test("A row of another daemon's run is asked for once, not at every look", async () => {
  const it = new ScriptedHost();
  it.put();
  it.processes.push({ identity: identity(23), run: "unknown" });
  let asked = 0;
  it.meanwhile = () => {
    asked += 1;
  };
  await it.rounds(MINUTE);
  assert.equal(asked, 1);
});

test("Nothing is looked through while nothing has run since the last two looks", async () => {
  const it = new ScriptedHost();
  await it.rounds(MINUTE);
  assert.equal(it.tables, 2);
  it.put();
  await it.rounds(10 * SECOND);
  assert.equal(it.tables, 4);
  it.change("r1", { status: "failed" });
  assert.deepEqual(await it.rounds(20 * SECOND), ["SIGKILL 4711"]);
  assert.equal(it.tables, 8, "two looks at the stray, and two at nothing");
  await it.rounds(MINUTE);
  assert.equal(it.tables, 8);
});
