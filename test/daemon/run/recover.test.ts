/** I6: a start goes on with every run that an earlier daemon left, as far as the store can be read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { recover } from "../../../daemon/run/recover.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import type { Run } from "../../../workflow/run.ts";
import { heardLog } from "../../handlers/hand-moved.ts";
import { run } from "../../reaper/scripted-host.ts";

const FAULT = new StoreFault("broken", "a row cannot be read", "restore a copy");

async function recovered(live: (unreadable?: (fault: StoreFault) => void) => Promise<readonly Run[]>) {
  const log = heardLog();
  const adopted: string[] = [];
  const adopt = async ({ id }: Run): Promise<void> => void adopted.push(id);
  const count = await recover({ live }, adopt, log);
  return { count, adopted, events: log.lines.map(({ event }) => event) };
}

test("every live run is adopted, and one that cannot be read keeps no other from it", async () => {
  const result = await recovered(async (unreadable) => {
    unreadable?.(FAULT);
    return [run({ id: "a" }), run({ id: "b" })];
  });
  assert.deepEqual(result, {
    count: 2,
    adopted: ["a", "b"],
    events: ["run.unreadable", "daemon.recovered"],
  });
});

test("a daemon whose store cannot be read starts all the same; a mistake of ours is not hidden", async () => {
  const none = await recovered(() => Promise.reject(FAULT));
  assert.deepEqual(none, { count: 0, adopted: [], events: ["daemon.unrecovered"] });
  await assert.rejects(
    recovered(() => Promise.reject(new TypeError("ours"))),
    TypeError,
  );
});
