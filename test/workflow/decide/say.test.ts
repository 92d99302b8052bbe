/** `say`: what a person tells a task. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type FollowUp, followUp, type Say, say } from "../../../workflow/decide/say.ts";
import type { Phase } from "../../../workflow/phases/phase.ts";
import { taskMoves } from "../../../workflow/states.ts";
import { HOSTILE } from "../../hostile-text.ts";
import { FACTS, snapshot, task } from "./snapshot.ts";

const SAY: Say = {
  ...{ kind: "say", project: "shop", key: "k", because: "asked", text: "use tabs" },
  ...{ by: { kind: "cli", name: "bob" }, target: { key: "SHOP-12" }, facts: FACTS },
};

const ROW: Phase = {
  ...{ task: "SHOP-12", seq: 1, phase: "work", role: "developer", agent: "developer", cycle: 1, pass: 1 },
  ...{ status: "completed", verdict: null, artifact: null, commit: "c0ffee", summary: null, trouble: null },
  ...{ session: null, enteredAt: 1, finishedAt: 2 },
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

test("G4: a cancelled task hears nobody, one that failed is told with its retry, and a done one is followed", () => {
  for (const status of taskMoves.statuses) {
    const said = say.decide(snapshot({ task: task(status) }), SAY);
    assert.equal(said.kind, status === "cancelled" ? "refuse" : "change", status);
    if (said.kind !== "change") continue;
    assert.equal(said.task.change, status === "done" ? "create" : "keep", status);
    assert.equal(said.events[0]?.data?.["heard"], status === "failed" ? "with a retry" : undefined, status);
  }
});

test("G4: whoever speaks to a done task opens one that follows: on its branch, in the sessions of its roles", () => {
  const done = {
    ...task("done"),
    branch: "chargehand/SHOP-12-x",
    commit: "c0ffee",
    url: "https://x.example/12",
    priority: 4,
  };
  const session = { id: "s9", agent: "developer", account: null };
  const said = say.decide(snapshot({ task: done, phases: [{ ...ROW, session }] }), SAY);
  assert.ok(said.kind === "change" && said.task.change === "create");
  const { branch, title, body, url, author, priority, wanted } = said.task.task;
  assert.deepEqual(
    [branch, title, body, url, author, priority, wanted],
    ["chargehand/SHOP-12-x", "Login fails", "steps", "https://x.example/12", "bob", 4, null],
  );
  assert.deepEqual([said.replaces, said.base], ["SHOP-12", null]);
  assert.deepEqual(said.feedback, [{ by: "bob", from: "cli", text: "use tabs" }]);
  const [job] = said.jobs;
  assert.deepEqual(job?.change === "create" && [job.session, job.opens], [session, true]);
  assert.deepEqual(said.events[0], {
    ...{ kind: "task.created", key: "k" },
    data: { by: "bob", from: "cli", because: "asked", after: "SHOP-12" },
  });
});

test("G4: what was said too late for a task opens one that follows, and nothing else does", () => {
  const late: FollowUp = { ...SAY, kind: "follow_up" };
  const followed = followUp.decide(snapshot({ task: task("done"), lastSaid: 3 }), late);
  assert.ok(followed.kind === "change");
  assert.deepEqual([followed.task.change, followed.replaces, followed.feedback], ["create", "SHOP-12", []]);
  assert.equal(followUp.decide(snapshot({ task: task("done") }), late).kind, "ignore");
  assert.equal(followUp.decide(snapshot({ task: task("active"), lastSaid: 3 }), late).kind, "ignore");
  assert.equal(followUp.decide(snapshot(), late).kind, "unknown");
});

test("G4: the same wish is written down once, and no task hears nothing", () => {
  assert.equal(say.decide(snapshot({ task: task("active"), seen: true }), SAY).kind, "ignore");
  assert.equal(say.decide(snapshot(), SAY).kind, "unknown");
});
