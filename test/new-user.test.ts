/** A stranger with the installed package: from nothing to a pull request, with a stop-watch. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { newcomer } from "./new-user.ts";
import { packInto, unpackInto } from "./pack.ts";

const scratch = mkdtempSync(join(tmpdir(), "chargehand-new-user-"));
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

let command = "";
before(async () => {
  command = join(await unpackInto(scratch, await packInto(scratch)), "bin/chargehand.js");
});

/** Of it, without the downloads; a busy machine takes most of it. */
const WALK_MS = 5 * 60_000;

test("from nothing to the first pull request with init and doctor alone", async (t) => {
  const began = performance.now();
  const user = await newcomer(command, join(scratch, "new-user"));
  t.after(() => user.close());
  const said = await user.chargehand(
    "init",
    "--yes",
    "--start",
    "Sort the shelves",
    ...user.flags,
    ...user.reach,
  );
  assert.match(said, /acme\/shop has a webhook that points at http/);
  const looked = await user.chargehand("doctor");
  // Where the machine is busy, the pull request has been told of meanwhile, too.
  assert.match(looked, /^ {2}ok {4}shop: (?:its ping was|1 delivery was|\d+ deliveries were) taken/m);
  assert.match(looked, /^All is well|, 0 wrong\.$/m);
  assert.match(await user.pull("Sort"), /^SHOP-1.*Sort the shelves/);
  const tookMs = performance.now() - began;
  assert.ok(tookMs < WALK_MS);
  t.diagnostic(`the first pull request was there after ${Math.round(tookMs / 1_000)} s`);
  user.github.people.open({ repo: "acme/shop", by: "ada", title: "It is broken", labels: ["agent"] });
  assert.match(await user.pull("It is broken"), /^SHOP-2/);
  assert.deepEqual(user.github.violations, []);
});

test("asked at a terminal that no webhook reaches, a new user comes from an issue to its pull request", async (t) => {
  if (!existsSync("/usr/bin/script")) return t.skip("there is no script(1), which gives a terminal");
  const user = await newcomer(command, join(scratch, "asked-user"));
  t.after(() => user.close());
  const { token } = user.github;
  user.github.people.open({ repo: "acme/shop", by: "ada", title: "It is broken", labels: ["agent"] });
  const shown = await user.answering(["init", "--start", "Say hello", ...user.flags], {
    "GitHub token": token,
  });
  assert.ok(!shown.includes(token), "what is typed of a token is not shown");
  assert.match(shown, /what becomes of each task's work.*\[pull_request\]/);
  assert.match(shown, /how often GitHub is asked what has happened \[60s\]/);
  assert.match(await user.pull("It is broken"), /^SHOP-\d/);
  const looked = await user.chargehand("doctor");
  assert.match(looked, /^ {2}ok {4}shop: acme\/shop is asked every 1m/m);
  assert.deepEqual(user.github.violations, []);
});
