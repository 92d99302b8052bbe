/** `say`: what it posts, and what it says. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../../scripted-daemon.ts";

const REFUSED = 5;

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /tasks/SHOP-12/say": json(TASK),
    "POST /tasks/SHOP-13/say": json({ ...TASK, key: "SHOP-13", status: "failed" }),
    "POST /tasks/SHOP-14/say": problem(409, "SHOP-14 is done, and nobody would hear it"),
  });
});
after(() => daemon.close());

function asked(): unknown {
  return JSON.parse(daemon.asked.at(-1)?.body ?? "{}");
}

test("G4: say posts the words as they are, by whoever says them, and tells who hears them", async () => {
  const env = { ...knowing(daemon), USER: "alice" };
  const { code, out } = await chargehand(["say", "SHOP-12", "use {{ tabs }}\n$(id)"], env);
  assert.deepEqual(asked(), { text: "use {{ tabs }}\n$(id)", by: "alice" });
  assert.deepEqual([code, out], [0, "Written down; the next run is told.\n"]);
  const failed = await chargehand(["say", "SHOP-13", "x"], env);
  assert.match(failed.out, /it is told when the task begins again: chargehand retry SHOP-13\.$/m);
  const over = await chargehand(["say", "SHOP-14", "x"], env);
  assert.deepEqual([over.code, over.out], [REFUSED, ""]);
});

test("G4: a dash stands for what comes on standard input, and nobody has to have a name", async () => {
  await chargehand(["say", "SHOP-12", "-"], knowing(daemon), 100, undefined, "from a file\n");
  assert.deepEqual(asked(), { text: "from a file\n" });
});
