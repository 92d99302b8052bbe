/** What agents have judged, as reviews: which is said, by whom, in which words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictFaces, verdictText } from "../../../notifier/pulls/verdicts.ts";
import type { Store } from "../../../store/store.ts";
import type { Face } from "../../../workflow/outside/face.ts";
import type { Approval } from "../../../workflow/phases/approval.ts";
import { row } from "../../workflow/decide/pulls/pulls.ts";
import { phase } from "../cards/scenes.ts";
import { facts } from "./scenes.ts";

const plain = (text: string): string => text;

function judged(more: Partial<Approval> = {}): Approval {
  return {
    ...{ id: 1, task: "SHOP-12", project: "shop", seq: 3, phase: "review", artifact: "f00", commit: null },
    ...{ status: "rejected", askedAt: 5, until: null, votes: [], decidedBy: "careful", decidedFrom: "agent" },
    ...{ reason: "It has no name.", finishedAt: 5 },
    ...more,
  };
}

const PHASES = [
  phase({ seq: 2, phase: "code", commit: "c0ffee" }),
  phase({ seq: 3, phase: "review", commit: null }),
  phase({ seq: 4, phase: "code", commit: "d00d" }),
  phase({ seq: 5, phase: "review", commit: null }),
];

interface Given {
  readonly approvals?: readonly Approval[];
  readonly faces?: readonly Pick<Face, "aspect">[];
  readonly artifact?: string;
  readonly tells?: boolean;
  readonly as?: string | null;
  readonly pull?: Parameters<typeof row>[0] | null;
}

async function said({ approvals = [judged()], faces = [], artifact, ...given }: Given) {
  const { tells = true, as = "reviewer", pull = {} } = given;
  const inputs = artifact === undefined ? [] : [{ seq: 5, sha256: "f00", text: artifact }];
  const store = {
    approvals: { ofTask: async () => approvals },
    faces: { ofTask: async () => faces },
    phases: { inputs: async () => inputs },
  } as unknown as Store;
  const about = facts({ phases: PHASES, pull: pull === null ? null : row(pull) });
  const found = await verdictFaces(store, about, {
    ...{ source: "github", tells, redact: plain },
    speaksAs: (agent) => (agent === "careful" ? as : null),
  });
  return found.map(({ aspect, wish }) => {
    const { commit, said, as: by, number } = wish as Record<string, unknown>;
    return `${aspect} ${String(said)} ${String(commit)} #${String(number)} by ${String(by)}`;
  });
}

test("G6: the newest verdict of each phase is said, of the commit that was published by then", async () => {
  const second = judged({ id: 2, seq: 5, status: "approved", finishedAt: 9 });
  assert.deepEqual(await said({}), ["verdict-3 changes_requested c0ffee #7 by reviewer"]);
  assert.deepEqual(await said({ approvals: [judged(), second] }), ["verdict-5 approved d00d #7 by reviewer"]);
  const tests = judged({ id: 3, phase: "testing", seq: 5, commit: "beef", decidedBy: "other" });
  assert.deepEqual(await said({ approvals: [judged(), tests] }), [
    "verdict-3 changes_requested c0ffee #7 by reviewer",
    "verdict-5 changes_requested beef #7 by null",
  ]);
});

test("what people say is not said for them, and nothing twice or too late", async () => {
  assert.deepEqual(await said({ approvals: [judged({ decidedFrom: "github" })] }), []);
  assert.deepEqual(await said({ faces: [{ aspect: "verdict-3" }] }), []);
  assert.deepEqual(await said({ pull: null }), []);
  assert.deepEqual(await said({ pull: { status: "merged", finishedAt: 4 } }), []);
  assert.equal((await said({ pull: { status: "merged", finishedAt: 6 } })).length, 1, "it was judged before");
  assert.deepEqual(await said({ approvals: [judged({ seq: 1 })] }), [], "nothing was published");
});

test("without an account of its own it is a word among others, for projects that tell in comments", async () => {
  assert.deepEqual(await said({ as: null }), ["verdict-3 changes_requested c0ffee #7 by null"]);
  assert.deepEqual(await said({ as: null, tells: false }), []);
  assert.equal((await said({ tells: false })).length, 1);
});

test("I13: its words are those of the artifact, and do nothing", () => {
  const artifact = JSON.stringify({
    verdict: "changes_requested",
    summary: "Ask @ada, closes #1\n</details>",
    findings: [
      { severity: "blocking", file: "a`b.ts", line: 3, problem: "It is <b>wrong</b>", suggestion: "name it" },
      { file: 7, problem: "no file" },
      { severity: "minor", file: "b.ts" },
      null,
    ],
  });
  const text = verdictText(judged(), "c0ffee", artifact, (words) => words.replaceAll("wrong", "[secret]"));
  assert.equal(
    text,
    [
      "**Changes requested** by `careful`, in phase `review`, of commit c0ffee.",
      "",
      "> Ask @\u200bada, closes #\u200b1".replaceAll("#", "\\#"),
      "> \\</details\\>",
      "",
      "- **blocking** `a'b.ts:3`: It is \\<b\\>\\[secret\\]\\</b\\> → name it",
      "- no file",
    ].join("\n"),
  );
});

test("an artifact that is none, huge, or of another kind breaks nothing", () => {
  for (const artifact of ["", "not json", "[]", "7", '{"findings": {"0": 1}, "summary": 5}'])
    assert.match(verdictText(judged(), "c0ffee", artifact, plain), /> It has no name\.$/);
  const many = Array.from({ length: 500 }, () => ({ problem: "x".repeat(5_000) }));
  const text = verdictText(
    judged(),
    "c0ffee",
    JSON.stringify({ findings: many, summary: "y".repeat(99_999) }),
    plain,
  );
  assert.ok(text.length < 62_000, String(text.length));
  assert.match(text, /- … 450 more$/);
});
