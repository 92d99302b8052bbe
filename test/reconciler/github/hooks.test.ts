/** The log of GitHub's webhooks: what it could not deliver is asked for again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, REPO, within } from "../scene.ts";

test("A13: what GitHub could not deliver comes again as it was, by its own name, and is not found a second time", () =>
  within(async (it) => {
    it.hook();
    await it.look(0);
    it.github.courier.play({ lost: 1 });
    it.github.people.open({ repo: REPO, by: "ada", title: "Fix the door", labels: ["agent"] });
    await it.settle();
    it.github.courier.play({});
    await it.look(HOUR);
    await it.settle();
    const deliveries = await it.deliveries();
    const labeled = deliveries.filter(({ deliveryId }) => !deliveryId.startsWith("reconcile:"));
    assert.equal(labeled.length, 2, "opened and labeled");
    assert.equal((await it.tasks()).length, 1);
    const before = it.github.calls;
    const attempts = (): number =>
      [...before].filter(([call]) => call.includes("/attempts")).reduce((sum, [, n]) => sum + n, 0);
    const so = attempts();
    for (let n = 0; n < 3; n += 1) await it.look(HOUR);
    assert.equal(attempts(), so, "what has arrived is not asked for again");
  }));

test("H2: what never arrives is asked for a few times in all", () =>
  within(async (it) => {
    it.hook();
    await it.look(0);
    it.github.courier.play({ lost: 1 });
    it.github.people.open({ repo: REPO, by: "ada", title: "Fix the door" });
    for (let n = 0; n < 8; n += 1) {
      await it.look(HOUR);
      await it.github.settled();
    }
    const attempts = [...it.github.calls].filter(([call]) => call.includes("/attempts"));
    assert.equal(
      attempts.reduce((sum, [, n]) => sum + n, 0),
      2,
    );
  }));
