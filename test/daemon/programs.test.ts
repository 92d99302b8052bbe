/** A profile that is closed because its program was missing is opened when it is there, and by nothing else. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { lookForPrograms, programsLoop } from "../../daemon/programs.ts";
import { createStore } from "../../store/build.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { systemClock } from "../../system/clock.ts";
import type { LogLine } from "../../system/log.ts";
import { createRedactor } from "../../system/redactor.ts";
import type { NewWideHold } from "../../workflow/hold.ts";
import { PROFILE } from "../agents/profile.ts";

const HOLD: NewWideHold = {
  ...{ scope: "agent", subject: "developer", kind: "program" },
  ...{ reason: "it is missing", remedy: "install it", until: null },
};

async function ground(t: { after(close: () => Promise<void>): void }) {
  const engine = await openSqlite(":memory:");
  t.after(() => engine.close());
  await migrate(engine, 1);
  const { holds } = createStore(engine);
  const there = new Set<string>();
  const lines: string[] = [];
  const note = ({ event }: LogLine): void => void lines.push(event);
  const profiles = new Map([["developer", PROFILE]]);
  const accounts = new Map<string, { env: Record<string, string> }>();
  const ports = {
    ...{ store: { holds }, clock: systemClock(), environment: { PATH: "/opt/bin" }, profiles, accounts },
    log: { debug: note, info: note, warn: note, error: note, redactor: createRedactor([]) },
    tree: {
      look: (path: string) =>
        there.has(path) ? ({ real: path, kind: "file", changedMs: 0 } as const) : null,
      link: () => null,
      names: () => [],
    },
  };
  const held = async (): Promise<readonly string[]> =>
    (await holds.wide()).map(({ subject, kind }) => `${subject} ${kind}`);
  return { ports, holds, there, lines, profiles, accounts, held };
}

test("D1: the hold of a missing program lasts until it is there, and goes alone", async (t) => {
  const { ports, holds, there, lines, held } = await ground(t);
  await holds.put(HOLD, 1);
  await holds.put({ ...HOLD, kind: "broken" }, 2);
  await lookForPrograms(ports);
  assert.deepEqual(await held(), ["developer program", "developer broken"]);
  there.add("/opt/bin/claude");
  await lookForPrograms(ports);
  assert.deepEqual([await held(), lines], [["developer broken"], ["program.found"]]);
});

test("D1: a profile whose accounts have a PATH of their own is opened when all of them find it", async (t) => {
  const { ports, holds, there, profiles, accounts, held } = await ground(t);
  profiles.set("developer", { ...PROFILE, accounts: ["one", "two"] });
  accounts.set("one", { env: {} }).set("two", { env: { PATH: "/two/bin" } });
  await holds.put(HOLD, 1);
  there.add("/opt/bin/claude");
  await lookForPrograms(ports);
  assert.deepEqual(await held(), ["developer program"]);
  there.add("/two/bin/claude");
  await lookForPrograms(ports);
  assert.deepEqual(await held(), []);
});

test("D1: a profile that names another program now, or is gone, is missing nothing", async (t) => {
  const { ports, holds, there, profiles, held } = await ground(t);
  there.add("/opt/other");
  for (const change of [
    () => profiles.set("developer", { ...PROFILE, program: "/opt/other" }),
    () => profiles.delete("developer"),
  ]) {
    await holds.put(HOLD, 1);
    change();
    await lookForPrograms(ports);
    assert.deepEqual(await held(), []);
  }
});

test("a look that fails is told, and ends nothing", async (t) => {
  const { ports, lines, held } = await ground(t);
  const end = new AbortController();
  const wide = async (): Promise<never> => {
    end.abort();
    throw new Error("the database is away");
  };
  await programsLoop({ ...ports, store: { holds: { ...ports.store.holds, wide } } }, end.signal);
  assert.deepEqual([lines, await held()], [["programs.faulted"], []]);
});
