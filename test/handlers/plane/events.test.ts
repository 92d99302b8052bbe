/** What Plane's events ask for, in all three formats. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decoded } from "../../../handlers/decoded.ts";
import { type Known, type Need, PLANE_FACTS } from "../../../handlers/plane/facts.ts";
import { PLANE } from "../../../handlers/plane/plane.ts";
import type { Payload } from "../../../handlers/source.ts";
import type { Wish } from "../../../handlers/wish.ts";
import type { Project } from "../../../workflow/project.ts";
import {
  AGENT_BOT,
  ALICE,
  changed,
  IN_PROGRESS,
  PLANE_ITEM,
  PLANE_PROJECT,
  planeFixture,
  planeFixtures,
} from "../payloads.ts";
import { project } from "../project.ts";

const BOT = "00000000-0000-4000-8000-0000000000b0";

function decode(
  payload: Payload,
  projects: readonly Project[] = [project()],
  known: Known = PLANE_FACTS.nothing,
): Decoded<Need> {
  const own = [{ login: null, id: BOT }];
  return PLANE.decode("issue", payload, { source: "plane", settings: null, projects, own, known });
}

function fixture(name: string, changes: Record<string, unknown> = {}): Payload {
  return changed(JSON.parse(planeFixture(name).body) as Payload, changes);
}

function only(decoded: Decoded<Need>): Wish {
  assert.equal(decoded.kind, "wish", JSON.stringify(decoded));
  assert.equal(decoded.wishes.length, 1);
  const [wish] = decoded.wishes;
  assert.ok(wish);
  return wish;
}

function ignored(decoded: Decoded<Need>): string {
  assert.equal(decoded.kind, "ignore", JSON.stringify(decoded));
  return decoded.reason;
}

const starting = (start: Partial<Project["start"]>): Project =>
  project({ start: { ...project().start, ...start } });
const DONE = { id: "0ec6cfa4-e906-4aad-9390-2df0303a4104", name: "Done", color: "#000", group: "completed" };

test("an item moved to a start state starts a task, however the field is spelled", () => {
  for (const field of ["state", "state_id"]) {
    const { intent, actor } = only(
      decode(fixture("issue-updated-state-webapp", { "activity.field": field })),
    );
    assert.equal(intent.kind, "start_task");
    assert.deepEqual(intent.refs, [{ source: "plane", kind: "work_item", id: PLANE_ITEM }]);
    assert.equal(intent.number, 42);
    assert.equal(intent.title, "Login fails for e-mails with a plus sign");
    assert.equal(intent.body, "Login fails with a 500 when the e-mail has a plus sign.");
    assert.equal(intent.because, "state In Progress");
    assert.equal(
      intent.key,
      `plane:${PLANE_ITEM}:state:${IN_PROGRESS}:${Date.parse("2026-05-20T09:31:47.902211Z")}`,
    );
    assert.deepEqual(intent.by, { kind: "plane", name: ALICE });
    assert.ok(actor.implies, "only members can change work items");
  }
});

test("A13: the twin delivery of old versions, with values for people, has the key of the first", () => {
  const twin = only(decode(fixture("issue-updated-state-legacy-pre-v0.26.1"))).intent;
  assert.equal(twin.key, only(decode(fixture("issue-updated-state-webapp"))).intent.key);
  const nameless = fixture("issue-updated-state-legacy-pre-v0.26.1", { "activity.new_identifier": null });
  assert.equal(only(decode(nameless)).intent.key, twin.key);
});

test("A13: the sort order that changes with a dragged card starts nothing", () => {
  assert.match(ignored(decode(fixture("issue-updated-sort_order-webapp"))), /sort_order/);
});

test("a state can be configured by its id", () => {
  const projects = [starting({ states: [IN_PROGRESS.toUpperCase()] })];
  assert.equal(only(decode(fixture("issue-updated-state-webapp"), projects)).intent.kind, "start_task");
});

test("a state that the item has left again by now is left to the delivery of that later change", () => {
  const moved = fixture("issue-updated-state-webapp", {
    "activity.new_value": "0ec6cfa4-e906-4aad-9390-2df0303a4103",
  });
  assert.match(ignored(decode(moved)), /by now/);
});

test("a finished or cancelled state cancels, a start state among those starts", () => {
  assert.equal(only(decode(fixture("issue-updated-state-api"))).intent.kind, "cancel_task");
  const done = fixture("issue-updated-state-webapp", { "data.state": DONE, "activity.new_value": DONE.id });
  const { intent } = only(decode(done));
  assert.equal(intent.kind, "cancel_task");
  assert.equal(intent.reason, "the work item was moved to Done");
  assert.equal(only(decode(done, [starting({ states: ["done"] })])).intent.kind, "start_task");
  const backlog = fixture("issue-updated-state-webapp", {
    "data.state.group": "backlog",
    "data.state.name": "Backlog",
  });
  ignored(decode(backlog));
});

test("a new item starts by its state, its labels or its assignees, and otherwise not", () => {
  ignored(decode(fixture("issue-created")));
  assert.equal(
    only(decode(fixture("issue-created"), [starting({ states: ["todo"] })])).intent.because,
    "state Todo",
  );
  const labels = [{ id: "6f0c0000-0000-4000-8000-000000000001", name: "Agent", color: "#fff" }];
  const label = only(decode(fixture("issue-created", { "data.labels": labels }))).intent;
  assert.equal(label.because, "label Agent");
  assert.equal(label.key, `plane:${PLANE_ITEM}:created`);
  ignored(decode(fixture("issue-created", { "data.labels": labels, "data.is_draft": true })));
});

test("an assignment counts for the person added, in both spellings", () => {
  const projects = [starting({ assignees: [AGENT_BOT] })];
  for (const name of ["issue-updated-assignee-webapp", "issue-updated-assignee-api"]) {
    assert.equal(only(decode(fixture(name), projects)).intent.because, `assigned to ${AGENT_BOT}`);
    ignored(decode(fixture(name)));
    ignored(decode(fixture(name, { "activity.old_value": [AGENT_BOT] }), projects));
    ignored(decode(fixture(name, { "data.assignees": [] }), projects));
  }
});

test("a label counts when it was added and is there, in lists and in the single values of old versions", () => {
  const label = { id: "6f0c0000-0000-4000-8000-000000000001", name: "agent", color: "#fff" };
  const change = (field: string, now: unknown, before: unknown, id: string | null = null): Payload =>
    fixture("issue-updated-state-webapp", {
      "data.labels": [label],
      "activity.field": field,
      "activity.new_value": now,
      "activity.old_value": before,
      "activity.new_identifier": id,
    });
  for (const field of ["labels", "label_ids"]) {
    assert.equal(only(decode(change(field, [label.id], []))).intent.because, "label agent");
    ignored(decode(change(field, [label.id], [label.id])));
    ignored(decode(change(field, [], [label.id])));
    ignored(decode(change(field, ["another"], [])));
  }
  assert.equal(only(decode(change("labels", "agent", null, label.id))).intent.because, "label agent");
  ignored(decode(change("labels", null, "agent")));
});

const html = (text: string): Payload => fixture("issue-comment-created", { "data.comment_html": text });

test("a comment's command cancels and retries by the item's name alone", () => {
  const { intent, actor } = only(decode(html("<p>/agent cancel</p>")));
  assert.equal(intent.kind, "cancel_task");
  assert.deepEqual(intent.target, { refs: [{ source: "plane", kind: "work_item", id: PLANE_ITEM }] });
  assert.equal(actor.implies, null, "guests can comment, too");
  assert.equal(
    only(decode(html('<p><mention-component id="x"></mention-component> /agent&nbsp;retry</p><p>now</p>')))
      .intent.kind,
    "retry_task",
  );
  assert.match(ignored(decode(html("<p>/agent dance</p>"))), /no command/);
  ignored(decode(fixture("issue-comment-created")));
  ignored(decode(fixture("issue-comment-updated")));
});

test("a comment that starts needs the item's text first, and is ignored when nobody has it", () => {
  const need = decode(html("<p>/agent</p>"));
  assert.equal(need.kind, "need");
  assert.deepEqual(need.need, { kind: "item", planeProject: PLANE_PROJECT, id: PLANE_ITEM });
  const key = `${PLANE_PROJECT}/${PLANE_ITEM}`;
  const text = { title: "T", body: "B", number: 7 };
  const { intent } = only(
    decode(html("<p>/agent</p>"), [project()], { states: new Map(), items: new Map([[key, text]]) }),
  );
  assert.equal(intent.kind, "start_task");
  assert.deepEqual([intent.title, intent.body, intent.number, intent.explicit], ["T", "B", 7, true]);
  assert.match(
    ignored(decode(html("<p>/agent</p>"), [project()], { states: new Map(), items: new Map([[key, null]]) })),
    /text/,
  );
});

test("Chargehand's own comments and doings are ignored: by marker, by source, by id", () => {
  assert.match(ignored(decode(html("<!-- chargehand:1 --><p>/agent</p>"))), /own/);
  assert.match(
    ignored(decode(changed(html("<p>/agent</p>"), { "data.external_source": "chargehand" }))),
    /own/,
  );
  assert.match(ignored(decode(fixture("issue-updated-state-webapp", { "activity.actor.id": BOT }))), /own/);
});

test("a deleted item cancels wherever Plane feeds a project, for its own project is not told", () => {
  const decoded = decode(fixture("issue-deleted-legacy-pre-v0.26.1"), [
    project(),
    project({ name: "two", trackers: { plane: "other" } }),
    project({ name: "three", trackers: {} }),
  ]);
  assert.deepEqual(
    decoded.kind === "wish" && decoded.wishes.map((wish) => [wish.project.name, wish.intent.kind]),
    [
      ["shop", "cancel_task"],
      ["two", "cancel_task"],
    ],
  );
  assert.equal(only(decode(fixture("v2-workitem-deleted"))).intent.kind, "cancel_task");
});

const STATES = [
  { id: IN_PROGRESS, name: "In Progress", group: "started" },
  { id: DONE.id, name: "Done", group: "completed" },
];
const knownStates = (states: typeof STATES | null): Known => ({
  states: new Map([[PLANE_PROJECT, states]]),
  items: new Map(),
});
const v2 = (state: string, changes: Record<string, unknown> = {}): Payload =>
  fixture("v2-workitem-updated-as-printed-in-docs", {
    "data.state_id": state,
    "data.updated_by_id": ALICE,
    "data.description_html": "<p>why</p>",
    "previous_attributes.state_id": "0ec6cfa4-e906-4aad-9390-2df0303a4100",
    ...changes,
  });

test("v2: a state is an id, so its name is asked for, and what cannot be asked for is said", () => {
  const need = decode(v2(IN_PROGRESS));
  assert.deepEqual(need.kind === "need" && need.need, { kind: "states", planeProject: PLANE_PROJECT });
  const { intent } = only(decode(v2(IN_PROGRESS), [project()], knownStates(STATES)));
  assert.deepEqual([intent.kind, intent.because], ["start_task", "state In Progress"]);
  assert.equal(only(decode(v2(DONE.id), [project()], knownStates(STATES))).intent.kind, "cancel_task");
  assert.match(ignored(decode(v2(IN_PROGRESS), [project()], knownStates(null))), /could not be asked/);
  assert.equal(
    only(decode(v2(IN_PROGRESS), [starting({ states: [IN_PROGRESS] })])).intent.kind,
    "start_task",
  );
});

test("A13: the same change told by v1 and v2 has one key", () => {
  const stamped = v2(IN_PROGRESS, { "data.updated_at": "2026-05-20T09:31:47.902211+00:00" });
  const two = only(decode(stamped, [project()], knownStates(STATES))).intent.key;
  assert.equal(two, only(decode(fixture("issue-updated-state-webapp"))).intent.key);
});

test("v2: the vendor's printed example, with None as text and an enum as event, is understood", () => {
  assert.match(ignored(decode(fixture("v2-workitem-updated-as-printed-in-docs"))), /last_activity_at/);
});

test("v2: an event that does not say who caused it starts nothing, and may still stop", () => {
  assert.match(
    ignored(decode(v2(IN_PROGRESS, { "data.updated_by_id": "None" }), [project()], knownStates(STATES))),
    /who/,
  );
  assert.equal(
    only(decode(v2(DONE.id, { "data.updated_by_id": "None" }), [project()], knownStates(STATES))).intent.kind,
    "cancel_task",
  );
});

test("v2: added labels and assignees count by id, and a missing description is asked for", () => {
  const label = "6f0c0000-0000-4000-8000-000000000001";
  const change = {
    "data.label_ids": [label],
    "previous_attributes.label_ids": [],
    "previous_attributes.state_id": undefined,
  };
  const projects = [starting({ labels: [label] })];
  const { intent } = only(decode(v2(IN_PROGRESS, change), projects));
  assert.deepEqual([intent.because, intent.kind === "start_task" && intent.body], [`label ${label}`, "why"]);
  const bare = { ...change, "data.description_html": undefined };
  assert.equal(decode(v2(IN_PROGRESS, bare), projects).kind, "need");
  const none: Known = { states: new Map(), items: new Map([[`${PLANE_PROJECT}/${PLANE_ITEM}`, null]]) };
  assert.equal(only(decode(v2(IN_PROGRESS, bare), projects, none)).intent.kind, "start_task");
});

test("v2: a comment does not name its project, so the item is looked for in every one", () => {
  const projects = [project(), project({ name: "two", trackers: { plane: "other" } })];
  const said = fixture("v2-workitem-comment-created", { "data.comment.comment_stripped": "/agent" });
  const first = decode(said, projects);
  assert.equal(first.kind === "need" && first.need.planeProject, PLANE_PROJECT);
  const items = new Map([
    [`${PLANE_PROJECT}/${PLANE_ITEM}`, null],
    [`other/${PLANE_ITEM}`, { title: "T", body: "", number: null }],
  ]);
  assert.equal(only(decode(said, projects, { states: new Map(), items })).project.name, "two");
  const cancel = decode(
    fixture("v2-workitem-comment-created", { "data.comment.comment_stripped": "/agent stop" }),
    projects,
  );
  assert.equal(cancel.kind === "wish" && cancel.wishes.length, 2);
});

test("every recorded delivery is decoded without a failure, and the rest is ignored by name", () => {
  for (const { name, body } of planeFixtures()) {
    assert.notEqual(decode(JSON.parse(body) as Payload).kind, "failed", name);
  }
  for (const name of ["cycle-created", "module-updated", "project-deleted"])
    assert.match(ignored(decode(fixture(name))), /nothing listens/);
  assert.match(ignored(decode({ version: "v2", event: "workitem.link.created" })), /link/);
  assert.match(
    ignored(decode(fixture("issue-created"), [project({ trackers: { plane: "another" } })])),
    /no project/,
  );
});

const USED: Readonly<Record<string, { payload: Payload; paths: readonly string[] }>> = {
  "v1 item": {
    payload: fixture("issue-updated-state-webapp", {
      "data.labels": [{ id: "l", name: "n" }],
      "data.assignees": [{ id: "a" }],
    }),
    paths: [
      "event",
      "action",
      "data",
      "data.id",
      "data.project",
      "data.name",
      "data.description_html",
      "data.sequence_id",
      "data.updated_at",
      "data.created_by",
      "data.state",
      "data.state.id",
      "data.state.name",
      "data.state.group",
      "data.labels",
      "data.labels.0.id",
      "data.labels.0.name",
      "data.assignees",
      "data.assignees.0.id",
      "data.is_draft",
      "activity",
      "activity.field",
      "activity.new_value",
      "activity.actor",
      "activity.actor.id",
      "activity.new_identifier",
    ],
  },
  "v1 list": {
    payload: fixture("issue-updated-assignee-api"),
    paths: ["activity.new_value", "activity.old_value"],
  },
  "v1 comment": {
    payload: html("<p>/agent</p>"),
    paths: ["data.id", "data.issue", "data.project", "data.comment_html", "activity.actor.id"],
  },
  "v2 item": {
    payload: v2(IN_PROGRESS),
    paths: [
      "event",
      "data",
      "data.id",
      "data.project_id",
      "data.name",
      "data.description_html",
      "data.sequence_id",
      "data.updated_at",
      "data.updated_by_id",
      "data.state_id",
      "data.label_ids",
      "data.assignee_ids",
      "previous_attributes",
      "previous_attributes.state_id",
    ],
  },
  "v2 comment": {
    payload: fixture("v2-workitem-comment-created"),
    paths: [
      "data.comment",
      "data.comment.id",
      "data.comment.actor_id",
      "data.comment.issue_id",
      "data.comment.comment_stripped",
    ],
  },
};

for (const [name, { payload, paths }] of Object.entries(USED)) {
  test(`${name}: a wrong type in any used field is a failure that says where`, () => {
    for (const path of paths) {
      const where = `$.${path.replaceAll(/\.(\d+)/g, "[$1]")}`;
      const old = path
        .split(".")
        .reduce((at: unknown, step) => (at as Record<string, unknown>)[step], payload);
      for (const wrong of [12.5, { a: 1 }, [1], "not it"]) {
        const isSame =
          typeof old === typeof wrong && Array.isArray(old) === Array.isArray(wrong) && !Array.isArray(wrong);
        const isText = typeof wrong === "string" && (old === null || path.endsWith("_value"));
        if (isSame || isText) continue;
        const decoded = decode(changed(payload, { [path]: wrong }), [project()], knownStates(STATES));
        assert.equal(
          decoded.kind,
          "failed",
          `${path} = ${JSON.stringify(wrong)}: ${JSON.stringify(decoded)}`,
        );
        assert.ok(decoded.reason.includes(`at ${where}`), `${decoded.reason} should name ${where}`);
      }
    }
  });
}

test("I13: HTML becomes text, hostile HTML too, and an absurd id is refused", () => {
  const nested = "<div>".repeat(5_000);
  for (const body of [
    "<script>alert(1)</script><p>a&lt;b</p>",
    nested,
    "<a href='javascript:x'>x</a>",
    "<<<>>>",
    "\u0000<p>",
  ]) {
    const { intent } = only(decode(fixture("issue-updated-state-webapp", { "data.description_html": body })));
    assert.ok(
      intent.kind === "start_task" && !intent.body.includes("\u0000") && !intent.body.includes("alert(1)"),
    );
  }
  for (const id of ["", "a b", "x".repeat(200), "\u0000"])
    assert.equal(decode(fixture("issue-created", { "data.id": id })).kind, "failed");
});
