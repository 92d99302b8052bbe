/** `freeze`, `unfreeze`: what they post, and what they say. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../../scripted-daemon.ts";

const FREEZE = { scope: "repo", subject: "forge/acme", kind: "freeze", reason: "frozen by ada: 5xx" };

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /projects/shop/freeze": json({ project: "shop", freezes: [FREEZE], projects: ["mill", "shop"] }),
    "POST /projects/shop/unfreeze": json({ project: "shop", freezes: [], projects: ["shop"] }),
    "POST /projects/mill/unfreeze": problem(409, "the repository of project mill is not frozen", {
      state: "open",
    }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("A11: freeze says whom it keeps, and how it ends", async () => {
  const { code, out } = await run("freeze", "shop", "--because", "5xx");
  assert.equal(code, 0);
  assert.equal(
    out,
    "The repository of shop is frozen, which mill works on, too: no new task begins, and what has begun goes on.\n" +
      'It ends with: chargehand unfreeze shop --because "…"\n',
  );
  const { line, body } = daemon.asked.at(-1) ?? assert.fail("nothing was asked");
  assert.equal(line, "POST /api/v1/projects/shop/freeze");
  assert.equal((JSON.parse(body) as { because: string }).because, "5xx");
});

test("A11: unfreeze says that it is over, or that there is nothing; and neither goes without a reason", async () => {
  const { out } = await run("unfreeze", "shop", "--because", "rolled back");
  assert.equal(out, "The repository of shop takes new tasks again.\n");
  const refused = await run("unfreeze", "mill", "--because", "x");
  assert.deepEqual(
    [refused.code, refused.err],
    [5, "chargehand: the repository of project mill is not frozen\n"],
  );
  assert.equal((await run("freeze", "shop")).code, 2);
});
