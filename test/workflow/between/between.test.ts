/** What keeps a task from beginning, in words; and circles, by name. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { circleOf, holdsOfBeginning, passBy, regard } from "../../../workflow/between/between.ts";
import { held, job } from "../decide/snapshot.ts";

const LINE = { project: "shop", version: 1, before: "SHOP-9" };
const need = (key: string, status: "active" | "done" | "failed") => ({ key, status });

test("A9: all that are not done are named, up to five, and the remedy names the one to mend", () => {
  assert.deepEqual(holdsOfBeginning([need("A-1", "done")], null), []);
  const seven = [1, 2, 3, 4, 5, 6, 7].map((number) =>
    need(`A-${number}`, number === 2 ? "failed" : "active"),
  );
  const [hold] = holdsOfBeginning(seven, null);
  assert.match(
    hold?.reason ?? "",
    /^it needs A-1, which is not done; A-2, which failed; .*A-5.*, and 2 more$/,
  );
  assert.match(hold?.remedy ?? "", /retry A-2; or begin without it with: chargehand depend --drop A-2 KEY$/);
});

test("A10: who waits for what it needs stands in no line", () => {
  assert.deepEqual(
    holdsOfBeginning([need("A-1", "active")], LINE).map(({ kind }) => kind),
    ["dependency"],
  );
  assert.deepEqual(
    holdsOfBeginning([], LINE).map(({ kind }) => kind),
    ["serial"],
  );
  assert.deepEqual(holdsOfBeginning([], { ...LINE, before: null }), []);
});

test("A9, A10: what is true now replaces what was, put before the other goes, and what does not wait is left alone", () => {
  const waiting = held("dependency");
  const told = regard([waiting], [], LINE, false);
  assert.deepEqual(
    told.jobs.map((one) => one.change),
    ["hold", "release"],
  );
  assert.equal(told.isFree, false);
  assert.deepEqual(regard([waiting], [], null, false), {
    jobs: [{ change: "release", id: 5, fence: 3, kind: "dependency" }],
    isFree: true,
  });
  assert.deepEqual(regard([job("queued")], [], LINE, false), { jobs: [], isFree: true });
  assert.equal(regard([job("queued")], [need("A-1", "active")], null, true).jobs.length, 1);
  assert.deepEqual(passBy([held("serial")]), [{ change: "release", id: 5, fence: 3, kind: "serial" }]);
});

test("A9: a circle is named from the task to itself, and an edge beside it is none", () => {
  const edges = [
    { task: "B", needs: "C" },
    { task: "B", needs: "D" },
    { task: "D", needs: "A" },
    { task: "C", needs: "D" },
  ];
  assert.equal(circleOf("A", ["A"], []), "A needs A");
  assert.match(circleOf("A", ["B"], edges) ?? "", /^A needs B needs (C needs )?D needs A$/);
  assert.equal(circleOf("X", ["B"], edges), null);
});
