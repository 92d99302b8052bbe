/** `runs`: what it prints of each. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /runs": json({
      runs: [RUN, { ...RUN, cost_usd: null, cost_source: "unpriced", pid: null }],
      next_cursor: null,
    }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("a run without a price is shown as unpriced, never as 0", async () => {
  assert.match((await run("runs")).out, /running +– .* unpriced /);
});

test("what is asked of no run is wrong usage", async () => {
  for (const what of ["--turns", "--prompt", "--response"]) assert.equal((await run("runs", what)).code, 2);
});
