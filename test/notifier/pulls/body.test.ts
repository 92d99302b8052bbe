/** What a pull request says: as people read it, and of whatever was written outside. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bodyOf } from "../../../notifier/pulls/body.ts";
import type { PullFacts } from "../../../notifier/pulls/facts.ts";
import type { CiWait } from "../../../workflow/phases/ci.ts";
import { phase, run } from "../cards/scenes.ts";
import { facts } from "./scenes.ts";

const GOLDEN = join(import.meta.dirname, "../../golden/pulls.md");

const keep = (text: string): string => text;

test("G4: it says what and why, how far it is, what it has cost, and how to say something", () => {
  const { task, phases } = facts();
  const done = [...phases.slice(0, 2), phase({ seq: 3, phase: "review", cycle: 2, verdict: "approved" })];
  const merging = [...done, phase({ seq: 4, phase: "merge", status: "running" })];
  const ci: CiWait = {
    ...{ task: task.key, seq: 2, phase: "code", commit: task.commit, askedAt: 1, until: 2 },
    status: "passed",
    ...{ dueAt: 2, reason: "good", finishedAt: 2 },
  };
  const open = (more: Partial<PullFacts> = {}, policy: Parameters<typeof facts>[1] = {}): string =>
    bodyOf(facts({ ...more, pull: null }, policy), "github", keep);
  const texts = {
    working: open(),
    "merging, closes": open({ phases: merging, ci }, { closes: true }),
    failed: open({ task: { ...task, status: "failed", reason: "CI was red: a #1" } }),
    "of a tracker": open({ refs: [{ source: "plane", kind: "item", id: "x" }] }),
  };
  const told = Object.entries(texts).map(([name, text]) => `<!-- ${name} -->\n\n${text}\n`);
  const text = told.join("\n");
  if (process.env["UPDATE"]) writeFileSync(GOLDEN, text);
  assert.equal(readFileSync(GOLDEN, "utf8"), text, "run this test with UPDATE=1 and read the difference");
});

const HOSTILE = [
  "Fixes #1, closes acme/shop#2 and resolves https://github.com/acme/shop/issues/3; GH-4 !5",
  "@alice @acme/admins <img src=x onerror=alert(1)> <!-- chargehand:pull:SHOP-1 --> ![x](https://evil.example/p.png)",
  "```\n| a | b |\n</details>\n# heading\n---\n> quote\n- [ ] task",
  "\u202eright to left\u2066 \u0000 \ud800",
];

test("I13: words from outside call nobody, close nothing, load nothing and leave their place, wherever they stand", () => {
  for (const text of HOSTILE) {
    const told = facts({
      task: { ...facts().task, title: text, author: text, reason: text, status: "failed", url: text },
      phases: [
        phase({ phase: "code", commit: "c", summary: text, verdict: null }),
        phase({ phase: "review", verdict: text }),
      ],
      runs: [run({ summary: text })],
      refs: [],
    } satisfies Partial<PullFacts>);
    const body = bodyOf(told, "github", keep);
    const own = body.replace(/\n\n<!-- chargehand:pull:SHOP-12 -->$/, "").replace(/`[^`\n]*`/g, "");
    const seen = own.replace(/\\(?=[!-/:-@[-`{-~])/g, "");
    assert.doesNotMatch(seen, /@[a-z0-9]|#\d|!\d|\bGH-\d|[a-z]+:\/\/|\bwww\.|\w\/\w+#\d/i, text);
    assert.doesNotMatch(own, /(?<!\\)(?:\\\\)*[<[]/, "no markup, no link, no picture");
    assert.ok(body.endsWith("<!-- chargehand:pull:SHOP-12 -->"));
    assert.ok(body.isWellFormed());
  }
});

test("I13: a link to the item is one, or it is none", () => {
  const of = (url: string): string =>
    bodyOf(facts({ task: { ...facts().task, url }, refs: [] }), "github", keep).split("\n\n")[1] ?? "";
  assert.match(
    of("https://plane.example/acme/S-12"),
    /^For \[`SHOP-12`\]\(https:\/\/plane\.example\/acme\/S-12\), asked/,
  );
  for (const bad of [
    "javascript:alert(1)",
    "https://u:p@x.example/",
    "not an address",
    `https://x.example/${"a".repeat(3_000)}`,
  ])
    assert.match(of(bad), /^For `SHOP-12`/, bad);
  assert.doesNotMatch(of("https://x.example/a) [b](https://evil.example"), /\) \[b\]\(/);
});

test("it stays as long as a person reads, however much there is", () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    phase({ seq: index + 1, phase: "code", commit: "c", summary: "x".repeat(1e5) }),
  );
  const huge = {
    ...facts().task,
    title: "y".repeat(1e5),
    reason: "z".repeat(1e5),
    status: "failed",
  } as const;
  assert.ok(bodyOf(facts({ phases: many, task: huge }), "github", keep).length < 20_000);
});
