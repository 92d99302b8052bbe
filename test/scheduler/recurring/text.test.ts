/** What the templates of a recurring task know. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeText, type Previous, textTrouble } from "../../../scheduler/recurring/text.ts";
import { task } from "../../workflow/decide/snapshot.ts";
import { recurringTask } from "./recurring-task.ts";

const AT = Date.UTC(2026, 10, 28, 2);
const PREVIOUS: Previous = {
  task: { ...task("failed"), reason: "it {{ broke }}" },
  run: { summary: "half of {% it %}" },
};

test("a template knows its slot by the clock of the place, and the task before with its result", () => {
  const recurring = recurringTask({
    title:
      "{{ schedule }}: {{ slot.weekday }} {{ slot.date }} {{ slot.time }} {{ slot.timezone }} {{ slot.at }}",
    body: "{% if previous %}{{ previous.key }} {{ previous.status }} {{ previous.reason }} {{ previous.summary }}{% else %}the first{% endif %}",
  });
  const title = "nightly: Saturday 2026-11-28 03:00 Europe/Berlin 2026-11-28T02:00:00.000Z";
  assert.equal(textTrouble(recurring.title) ?? textTrouble(recurring.body), null);
  assert.deepEqual(makeText(recurring, AT, null), { kind: "made", title, body: "the first" });
  const body = "SHOP-12 failed it {{ broke }} half of {% it %}";
  assert.deepEqual(makeText(recurring, AT, PREVIOUS), { kind: "made", title, body });
  assert.equal(makeText(recurring, AT, { ...PREVIOUS, run: null }).kind, "made");
});

test("what is not there is a problem, whatever branch it stands in", () => {
  assert.match(textTrouble("{% if previous.kee %}{% endif %}") ?? "", /did you mean "previous\.key"/);
  assert.match(textTrouble("{{ previous }}") ?? "", /cannot be printed whole/);
  assert.match(textTrouble("{{ task.title }}") ?? "", /there are schedule, slot, previous$/);
});

test("a template that fails after all says which of the two", () => {
  const made = makeText(recurringTask({ body: "{% for i in (1..99999999) %}x{% endfor %}" }), AT, null);
  assert.ok(made.kind === "trouble");
  assert.match(made.reason, /^its body cannot be filled in: memory alloc limit exceeded/);
});
