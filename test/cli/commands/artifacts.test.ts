/** `artifacts`: what phases have left behind, and how it differs from try to try; whatever it holds, it is data. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HOSTILE } from "../../hostile-text.ts";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../scripted-daemon.ts";

const KEPT = "2026-01-15T11:00:00Z";

function artifact(phase: string, cycle: number, text: string, more: object = {}): object {
  const hash = { sha256: `${cycle}bcdef0123456789`, bytes: text.length, is_valid: true, problems: [] };
  return { id: cycle, phase, cycle, run: "r", path: `${phase}.json`, ...hash, kept_at: KEPT, text, ...more };
}

const WRONG = { is_valid: false, problems: ["steps: must be a number", "risk: is missing"] };
/** Newest first. */
const REPAIRED = [
  artifact("plan", 1, '{"steps":2}', { sha256: "3bcdef0123456789" }),
  artifact("plan", 1, '{"steps":2}', { sha256: "2bcdef0123456789" }),
  artifact("plan", 1, '{"steps":"two"}', WRONG),
];
const HOSTILES = Object.entries(HOSTILE);

let daemon: ScriptedDaemon;
before(async () => {
  const hostile = HOSTILES.map(([, words], index) => [
    [`GET /tasks/EVIL-${index}/artifacts`, json({ task: `EVIL-${index}`, artifacts: evil(words) })] as const,
    [`GET /tasks/EVIL-${index}`, json(evilTask(words))] as const,
    [`GET /tasks/EVIL-${index}/explain`, json(evilWhy(words))] as const,
    [`GET /tasks/EVIL-${index}/questions`, json(evilQuestions(words))] as const,
  ]);
  daemon = await scriptedDaemon({
    "GET /tasks/SHOP-12/artifacts": json({
      task: "SHOP-12",
      artifacts: [
        artifact("plan", 4, "x\n".repeat(2_001)),
        artifact("plan", 3, '{\n  "steps": 2,\n  "risk": "low"\n}', { sha256: "2bcdef0123456789" }),
        artifact("plan", 2, '{\n  "steps": 2,\n  "risk": "low"\n}'),
        artifact("review", 1, "fine", { is_valid: false, problems: ["top level: is no JSON"] }),
        artifact("plan", 1, '{\n  "steps": 1,\n  "risk": "low"\n}'),
      ],
      next_cursor: "7",
    }),
    "GET /tasks/SHOP-13/artifacts": json({ task: "SHOP-13", artifacts: [] }),
    "GET /tasks/SHOP-14/artifacts": json({ task: "SHOP-14", artifacts: REPAIRED }),
    ...Object.fromEntries(hostile.flat()),
  });
});
after(() => daemon.close());

function evil(words: string): readonly object[] {
  return [
    artifact("plan", 2, words, {
      problems: [words],
      path: words.slice(0, 100),
      phase: "plan",
      sha256: words.slice(0, 64),
    }),
    artifact("plan", 1, "plain"),
  ];
}

function evilTask(words: string): object {
  const phase = { phase: "plan", role: words, agent: words, cycle: 1, status: "running", entered_at: KEPT };
  const asked = { phase: words, status: "pending", artifact: words, votes: [words], asked_at: KEPT };
  const told = { verdict: words, summary: words, trouble: words };
  return { ...TASK, title: words, reason: words, phases: [{ ...phase, ...told }, phase], approvals: [asked] };
}

function evilWhy(words: string): object {
  const reasons = [{ about: "task", sentence: words, since: KEPT, until: null, remedy: words }];
  const decisions = [{ at: KEPT, kind: "gate.rejected", sentence: words }];
  return { task: "EVIL-1", project: "shop", status: "active", summary: words, reasons, decisions };
}

function evilQuestions(words: string): object {
  const field = { name: "way", type: "choice", label: words, required: true, options: [words, `${words}.`] };
  const asked = { id: 1, phase: "plan", status: "answered", title: words, reason: words, on_expire: "fail" };
  const fields = [{ ...field, min: null, max: null, default: null }];
  const answered = { answers: { way: words }, answered_by: words, answered_from: "api", finished_at: KEPT };
  return { task: "EVIL-1", questions: [{ ...asked, fields, asked_at: KEPT, until: null, ...answered }] };
}

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon), 120);

test("A5: artifacts are a table; their texts are told as they are, and one phase by itself", async () => {
  const all = await run("artifacts", "SHOP-12");
  assert.equal(all.code, 0);
  assert.match(all.out, /PHASE +CYCLE +FILE +VALID +BYTES +SHA-256 +KEPT/);
  assert.match(all.out, /review +1 +review\.json +no +4 +1bcdef012345 +1h ago/);
  const { out } = await run("artifacts", "SHOP-12", "--phase", "review", "--text");
  assert.ok(
    out.endsWith(
      "\nreview, cycle 1: review.json (1bcdef012345)\nrefused: top level: is no JSON\nfine\n… more: add --cursor 7\n",
    ),
    out,
  );
  assert.doesNotMatch(out, /plan/);
  const text = await run("artifacts", "SHOP-12", "--text");
  assert.match(text.out, /\{\n {2}"steps": 1,\n {2}"risk": "low"\n\}/, "indented as it was written");
  assert.equal((await run("artifacts", "SHOP-13")).out, "SHOP-13 has left nothing behind.\n");
  assert.match((await run("artifacts", "SHOP-12", "--phase", "no")).out, /nothing behind there\.$/m);
});

test("A5: from one try of a phase to the next only what has changed is told", async () => {
  const { out } = await run("artifacts", "SHOP-12", "--phase", "plan", "--diff");
  const [, second, third, fourth] = out.split(/^plan, cycle \d: .*\n/m);
  assert.deepEqual(
    [second, third, fourth],
    [
      '-   "steps": 1,\n+   "steps": 2,\n\n',
      "Nothing has changed.\n\n",
      "It is too long to compare line by line.\n… more: add --cursor 7\n",
    ],
  );
});

test("D4: what was refused is told with what was wrong, and with what the next try has changed", async () => {
  const { out } = await run("artifacts", "SHOP-14", "--diff");
  assert.ok(
    out.endsWith(
      [
        "\nplan, cycle 1: plan.json (1bcdef012345)\nrefused: steps: must be a number\nrefused: risk: is missing\n",
        'plan, cycle 1: plan.json (2bcdef012345)\n- {"steps":"two"}\n+ {"steps":2}\n',
        "plan, cycle 1: plan.json (3bcdef012345)\nNothing that is shown has changed.\n",
      ].join("\n"),
    ),
    out,
  );
});

/** What a terminal obeys, or what turns text around. */
const OBEYED = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\n]]/v;

for (const [index, [what]] of HOSTILES.entries())
  test(`I13: ${what} is told in a terminal as text`, async () => {
    const key = `EVIL-${index}`;
    for (const args of [
      ["artifacts", key, "--text", "--diff"],
      ["artifacts", key],
      ["task", key],
      ["explain", key],
      ["questions", key],
    ]) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, err], [0, ""], args.join(" "));
      assert.doesNotMatch(out, OBEYED);
    }
    const [table = ""] = (await run("artifacts", key)).out.split("\n\n");
    assert.equal(table.trimEnd().split("\n").length, 3, "a row of its own for each");
  });
