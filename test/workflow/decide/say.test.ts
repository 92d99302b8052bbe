/** `say`: what a person tells a task. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Say, say } from "../../../workflow/decide/say.ts";
import { taskMoves } from "../../../workflow/states.ts";
import { HOSTILE } from "../../hostile-text.ts";
import { snapshot, task } from "./snapshot.ts";

const SAY: Say = {
  ...{ kind: "say", project: "shop", key: "k", because: "asked", text: "use tabs" },
  ...{ by: { kind: "cli", name: "bob" }, target: { key: "SHOP-12" } },
};

test("G4: what is said is written down as it is, with who said it and from where, and changes nothing else", () => {
  for (const text of ["use tabs", ...Object.values(HOSTILE)]) {
    const said = say.decide(snapshot({ task: task("active") }), { ...SAY, text });
    assert.ok(said.kind === "change");
    assert.deepEqual(said.feedback, [{ by: "bob", from: "cli", text }]);
    assert.deepEqual(said.task, { change: "keep" });
    const [event] = said.events;
    assert.deepEqual(
      [event?.kind, event?.key, JSON.stringify(event?.data).includes(JSON.stringify(text).slice(1, -1))],
      ["task.told", "k", false],
      "the history says that, and not what",
    );
  }
});

test("G4: a task that is over hears nobody, but one that failed is told with its retry", () => {
  for (const status of taskMoves.statuses) {
    const said = say.decide(snapshot({ task: task(status) }), SAY);
    const isOver = status === "done" || status === "cancelled";
    assert.equal(said.kind, isOver ? "refuse" : "change", status);
    if (said.kind === "change")
      assert.equal(said.events[0]?.data?.["heard"], status === "failed" ? "with a retry" : undefined, status);
  }
});

test("G4: the same wish is written down once, and no task hears nothing", () => {
  assert.equal(say.decide(snapshot({ task: task("active"), seen: true }), SAY).kind, "ignore");
  assert.equal(say.decide(snapshot(), SAY).kind, "unknown");
});
