/** Looks are made all at once, and each in a bounded time; what they tell holds no secret. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { examine } from "../../../cli/doctor/examine.ts";
import { type Check, fail, ok, worst } from "../../../cli/doctor/finding.ts";
import { sayFindings } from "../../../cli/doctor/say.ts";
import { systemClock } from "../../../system/clock.ts";
import { createRedactor } from "../../../system/redactor.ts";

const clock = systemClock();
/** A look may take what it may take: at once. */
const hurried = { ...clock, sleep: async () => undefined };

function check(area: Check["area"], look: Check["look"]): Check {
  return { area, about: null, isForStart: true, look };
}

test("one that hangs and one that breaks keep nobody from being told, in the order of the areas", async () => {
  const redactor = createRedactor(["s3cret-of-ours"]);
  const never = (): Promise<never> => new Promise(() => undefined);
  const found = await examine(
    [
      check("daemon", async () => [fail("it says s3cret-of-ours", "hide s3cret-of-ours")]),
      check("git", () => Promise.reject(new Error("no s3cret-of-ours"))),
      check("data", never),
      check("configuration", async () => [ok("fine\u001b[31m")]),
    ],
    { clock: hurried, redactor },
  );
  assert.deepEqual(
    found.map(({ area, status }) => `${area} ${status}`),
    ["configuration ok", "data warn", "git fail", "daemon fail"],
  );
  const text = sayFindings(found);
  assert.ok(!text.includes("s3cret") && !text.includes("\u001b"), text);
  assert.match(text, /1 thing is fine, 1 to look at, 2 wrong\./);
  assert.equal(worst(found), "fail");
});
