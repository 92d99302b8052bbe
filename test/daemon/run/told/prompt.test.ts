/** What the agent of a phase is told: filled in, and with all that others wrote as data (I13). */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  artifactPath,
  type Known,
  type Telling,
  tell,
  whatIsKnown,
} from "../../../../daemon/run/told/prompt.ts";
import type { Feedback } from "../../../../workflow/phases/feedback.ts";
import type { Phase } from "../../../../workflow/phases/phase.ts";
import type { Prompt } from "../../../../workflow/phases/prompt.ts";
import type { Question } from "../../../../workflow/phases/question.ts";
import type { Json } from "../../../../workflow/workflow.ts";
import { project } from "../../../handlers/project.ts";
import { HOSTILE, KNOWN_SECRET } from "../../../hostile-text.ts";
import { phase } from "../../../workflow/decide/phases.ts";
import { task } from "../../../workflow/decide/snapshot.ts";
import { FORM, field as formField, question } from "../../../workflow/questions.ts";

const SCHEMA: Json = {
  type: "object",
  properties: { summary: { type: "string" }, files: { type: "object" }, steps: { type: "array" } },
};
const INSTRUCTIONS = [
  "Do {{ phase.key }} as {{ phase.role }}, time {{ phase.cycle }}, try {{ attempt }}, of {{ task.key }} in {{ repo.name }}.",
  "It is about {{ task.title }} from {{ task.url }}; base {{ task.base }}.",
  "Found: {{ artifacts.plan.summary }}; verdict {{ artifacts.plan.verdict }} in {{ artifacts.plan.path }}.",
  "{% for pair in artifacts.plan.files %}[{{ pair[0] }}: {{ pair[1] }}]{% endfor %}",
  "{{ artifacts.plan.steps | join: ', ' }}",
  "Before: {{ previous.phase }} {{ previous.verdict }} {{ previous.summary }}",
  "{% for one in feedback %}({{ one.by }}: {{ one.text }}){% endfor %}",
  "{% for one in answers %}<{{ one[0] }}: {{ one[1] }}>{% endfor %}{{ answers | json }}",
  "THE END OF THE INSTRUCTIONS",
].join("\n");

const PLAN = phase("plan", { artifact: { path: "plan.json", schema: SCHEMA } });
const WORK = phase("work", { instructions: INSTRUCTIONS, artifact: { path: "work.json", schema: null } });

interface Words {
  readonly title: string;
  readonly url: string;
  readonly body: string;
  readonly summary: string;
  readonly by: string;
  readonly said: string;
  readonly trouble: string;
  readonly field: string;
  readonly text: string;
  /** What was asked in a form, and what somebody has answered. */
  readonly asked: string;
  readonly answer: string;
}

const PLAIN: Words = {
  ...{
    title: "t",
    url: "u",
    body: "b",
    summary: "s",
    by: "ada",
    said: "f",
    trouble: "w",
    field: "k",
    text: "x",
    asked: "q",
    answer: "v",
  },
};

function known({ summary, by, said, trouble, field, text, asked, answer }: Words): Known {
  const row: Phase = {
    ...{ task: "SHOP-12", seq: 1, phase: "plan", role: "plan", agent: "a", cycle: 1, pass: 1 },
    ...{ verdict: "good", artifact: "ab", commit: null, summary, trouble: null, session: null },
    ...{ status: "completed", enteredAt: 1, finishedAt: 2 },
  };
  const content = JSON.stringify({
    verdict: "good",
    summary: text,
    files: { [field]: text },
    steps: [text, field],
  });
  const left = {
    id: 1,
    task: "SHOP-12",
    seq: 1,
    cycle: 1,
    run: "r",
    sha256: "ab",
    isValid: true,
    problems: [],
    keptAt: 1,
  };
  return {
    item: null,
    images: [],
    phases: [
      row,
      { ...row, seq: 2, phase: "work", role: "work", status: "running", trouble, artifact: null },
    ],
    inputs: [{ ...left, phase: "plan", path: "plan.json", bytes: content.length, text: content }],
    feedback: [feedback(1, said, by)],
    questions: [questionOf(asked, answer)],
  };
}

function questionOf(words: string, answer: string): Question {
  const [plain, many] = [
    formField("way", { label: words }),
    formField("some", { label: words, type: "choices" }),
  ];
  const form = { ...FORM, title: words, reason: words, fields: [plain, many] };
  return question({
    form,
    status: "answered",
    answers: { way: answer, some: [answer, answer] },
    answeredBy: answer,
  });
}

function feedback(id: number, text: string, by = "ada"): Feedback {
  return { id, task: "SHOP-12", by, from: "api", text, at: 1 };
}

function telling(words: Partial<Words> = {}, more: Partial<Telling> = {}): Telling {
  const all = { ...PLAIN, ...words };
  const { title, url, body } = all;
  return {
    task: { ...task("active"), title, url, body },
    project: project(),
    workflow: { name: "two", description: "", phases: [PLAN, WORK] },
    phase: WORK,
    known: known(all),
    ...{ attempt: 2, directory: "/data/runs/r1", secret: KNOWN_SECRET, file: null, told: [] },
    ...more,
  };
}

function told(given: Telling): Prompt {
  const prompt = tell(given);
  return typeof prompt === "string" ? assert.fail(prompt) : prompt;
}

const [OPEN, CLOSE] = [`<outside-text-${KNOWN_SECRET}>`, `</outside-text-${KNOWN_SECRET}>`];

/** I13: one opening and one closing delimiter, and outside of them as many lines as with plain words. */
function assertEnclosed({ text, outside }: Prompt, lines: number): void {
  const block = (outside ?? text).split("\n");
  const [from, to] = [block.indexOf(OPEN), block.indexOf(CLOSE)];
  const alike = `${text}${outside ?? ""}`.normalize("NFKC").match(/<\s*\/?\s*outside[\s-]{0,3}text/giu) ?? [];
  assert.ok(from !== -1 && from < to);
  assert.deepEqual([block.lastIndexOf(OPEN), block.lastIndexOf(CLOSE), alike.length], [from, to, 4]);
  const around = outside === null ? [...block.slice(0, from), ...block.slice(to + 1)] : text.split("\n");
  assert.equal(around.length, lines, "a line of instructions that nobody has written");
  assert.ok(around.includes("THE END OF THE INSTRUCTIONS"));
  assert.doesNotMatch(text, /[[\p{Cc}\p{Bidi_Control}]--[\n\t]]/v);
  assert.ok(Buffer.byteLength(text) < 131_071, "it is one argument of some programs");
}

const PLACES = [null, "/data/runs/r1/asked/task.md"] as const;
const LINES = PLACES.map((file) => {
  const { text, outside } = told(telling({}, { file }));
  const lines = text.split("\n");
  return outside === null ? lines.length - (lines.indexOf(CLOSE) - lines.indexOf(OPEN) + 1) : lines.length;
});

test("D3: instructions are filled in with the task, its phases, what they found and what people said", () => {
  const { text, outside } = told(telling());
  assert.equal(outside, null);
  assert.deepEqual(text.split("\n").slice(0, 11), [
    ...["# Task SHOP-12", ""],
    "Do work as work, time 1, try 2, of SHOP-12 in acme/shop.",
    "It is about t from u; base main.",
    "Found: x; verdict good in plan.json.",
    ...[
      "[k: x]",
      "x, k",
      "Before: plan good s",
      "(ada: f)",
      '<way: v><some: v, v>{"way":"v","some":"v, v"}',
      "THE END OF THE INSTRUCTIONS",
    ],
  ]);
  assert.match(text, /write the file \/data\/runs\/r1\/out\/work\.json \(\$CHARGEHAND_ARTIFACT\)/);
  assert.match(text, /\n## plan: plan\.json\n[\s\S]*\n## Feedback of ada\n\nf\n[\s\S]*\n## Trouble\n\nw\n/);
  assert.equal(artifactPath("/data/runs/r1", phase("none")), null);
});

for (const [what, words] of Object.entries(HOSTILE))
  test(`I13: ${what}, wherever somebody outside may write, is data in a prompt`, () => {
    for (const [index, file] of PLACES.entries())
      for (const name of Object.keys(PLAIN))
        assertEnclosed(told(telling({ [name]: words }, { file })), LINES[index] ?? 0);
  });

test("I13: whatever the strings, the prompt has one opening and one closing delimiter, and its own lines", () => {
  const pieces = fc.constantFrom(
    ...Object.values(HOSTILE).filter(({ length }) => length < 1_000),
    ...[
      "</",
      "<",
      "outside",
      "-text",
      KNOWN_SECRET,
      ">",
      "\n",
      "<!--",
      "-->",
      "\u200b",
      "{{",
      "}}",
      "{%",
      "%}",
      " ",
    ],
  );
  const any = fc.oneof(
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 60 }),
  );
  const names = Object.keys(PLAIN).map((name) => [name, any] as const);
  fc.assert(
    fc.property(fc.record(Object.fromEntries(names)), fc.nat(1), (words, place) => {
      const file = PLACES[place] ?? null;
      assertEnclosed(told(telling(words, { file })), LINES[place] ?? 0);
    }),
    { numRuns: 150 },
  );
});

test("D3: what an artifact of any text says is no variable, however deep it is, and hurts nobody", () => {
  const free = phase("plan", { artifact: { path: "plan.txt", schema: null } });
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  const given = telling({}, { workflow: { name: "two", description: "", phases: [free, WORK] } });
  const [input] = given.known.inputs;
  assert.ok(input !== undefined);
  const instructions = "{{ artifacts.plan.path }} {{ artifacts.plan.verdict }}";
  const inputs = [{ ...input, text: deep }];
  const read = { ...given, phase: { ...WORK, instructions }, known: { ...given.known, inputs } };
  assert.match(told(read).text, /^plan\.txt good$/m);
});

test("D3: instructions that cannot be filled in say so, and where to mend it", () => {
  const wrong = telling({}, { phase: { ...WORK, instructions: "{{ nothing.at.all }}" } });
  assert.match(String(tell(wrong)), /^the instructions of phase work .*: mend its workflow$/);
});

test("a phase that nothing came before is told what is asked, and no more", () => {
  const nothing: Known = { phases: [], inputs: [], feedback: [], questions: [], item: null, images: [] };
  const first = telling({}, { phase: phase("work"), known: nothing, attempt: 1 });
  assert.doesNotMatch(told(first).text, /Feedback|earlier/);
});

test("G4: what people said and has no room is left for the next run, in order", async () => {
  const texts = ["a".repeat(20_000), "b".repeat(20_000), "c".repeat(20_000), "d"];
  const unheard = texts.map((text, index) => feedback(index + 1, text));
  const store = {
    phases: {
      ofTask: async () => [],
      artifacts: async () => ({ items: [], next: null }),
      inputs: async () => [],
    },
    approvals: {
      ...{ newest: async () => null, ofTask: async () => [], due: async () => [], nextDue: async () => null },
      ...{ unheard: async () => unheard, lastSaid: async () => 0 },
    },
    contexts: { ofTask: async () => null },
    questions: {
      get: async () => null,
      ...{ standing: async () => ({ question: null, questions: { count: 0, same: null } }) },
      ...{ ofTask: async () => [], due: async () => [], nextDue: async () => null },
    },
  };
  const ids = (await whatIsKnown(store, "SHOP-12")).feedback.map(({ id }) => id);
  assert.deepEqual(ids, [1, 2, 3]);
});
