/** Which session a run continues, and how often the record of it is read while it works. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../../agents/backend.ts";
import { command } from "../../../agents/command/command.ts";
import { beginningOf, sessionOf, usageSoFar } from "../../../daemon/run/session.ts";
import { NEW_RUN } from "../../agents/profile.ts";
import { scene, usage } from "./scene.ts";

test("a session is continued by the profile and the account that began it, and by no other", async (t) => {
  const { claim } = await scene(t);
  const job = { ...claim.job, session: "s1", sessionAgent: "developer", sessionAccount: "work" };
  const run = { ...claim.run, account: "work" };
  assert.equal(sessionOf(job, run), "s1");
  assert.equal(sessionOf(job, { ...run, agent: "spare" }), null);
  assert.equal(sessionOf(job, { ...run, account: "home" }), null);
  assert.equal(sessionOf({ ...job, session: null }, run), null);
  for (const session of ["--continue", "/tmp/x.jsonl", "../x"])
    assert.equal(sessionOf({ ...job, session }, { ...run, backend: "pi" }), null, `I13: ${session}`);
});

test("a new run continues nothing, and one whose job was claimed again does not take its session", async (t) => {
  const { ports, row } = await scene(t);
  const beginning = await beginningOf(ports, await row());
  assert.deepEqual([beginning.session, beginning.resumed, beginning.baseline], [null, false, []]);
});

test("K2, K3: a record that is ahead of the output is counted, and read at most every ten seconds", async (t) => {
  const { ports, row } = await scene(t);
  let read = 0;
  const files = {
    ...ports.files,
    door: {
      ...ports.files.door,
      list: async () => ({ kind: "listed" as const, names: ["s1.jsonl"] }),
      readEnd: async () => ({ kind: "read" as const, bytes: Buffer.from("x"), size: 1, modifiedAt: 0 }),
    },
  };
  const backend: Backend = {
    ...command,
    sessions: {
      isAhead: true,
      where: () => ({ root: "/sessions", folders: [], isSession: () => true }),
      read(transcript) {
        read += 1;
        return { ...transcript, usage: [usage(500)] };
      },
    },
  };
  const tell = usageSoFar({ ...ports, files }, await row(), backend);
  const transcript = { ...command.begin(NEW_RUN), session: "s1" };
  const tokens = async (told: number): Promise<number | undefined> =>
    (await tell({ ...transcript, usage: [usage(told)] }))[0]?.inputTokens;
  assert.deepEqual([await tokens(100), await tokens(600), read], [500, 600, 1]);
  await ports.clock.sleep(9_000);
  assert.deepEqual([await tokens(100), read], [500, 1]);
  await ports.clock.sleep(1_000);
  assert.deepEqual([await tokens(100), read], [500, 2]);
});
