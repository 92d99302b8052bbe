/**
 * Whatever arrives: every published example, every recorded payload, and thousands of each with fields missing, null,
 * of another kind, or huge. It is processed, ignored or failed with a reason, never by an exception; and nothing that
 * whoever acts there may not ask for has any effect.
 *
 * `MUTATIONS=20000` tries so many (`npm run test:mutations`).
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GITHUB } from "../../handlers/github/github.ts";
import { PLANE } from "../../handlers/plane/plane.ts";
import type { Payload } from "../../handlers/source.ts";
import { findTrust } from "../../handlers/trust.ts";
import { understand } from "../../handlers/understand.ts";
import type { Wish } from "../../handlers/wish.ts";
import type { Delivery, Source } from "../../workflow/delivery.ts";
import type { Project } from "../../workflow/project.ts";
import { githubExamples, PLANE_PROJECT, planeFixtures } from "./payloads.ts";
import { project } from "./project.ts";

interface Sample {
  readonly source: Source;
  readonly event: string;
  readonly payload: Payload;
}

const COUNT = Number(process.env["MUTATIONS"] ?? 1_000);
const REPO = "Codertocat/Hello-World";
/** Who is known to nobody, in a project that hears everything. */
const OPEN: Project = project({
  repo: REPO,
  trackers: { plane: PLANE_PROJECT },
  start: {
    labels: ["bug", "agent"],
    states: ["In Progress", "Todo"],
    commands: ["/agent", "You"],
    assignees: ["Codertocat"],
  },
  trust: { github: [], users: [], bots: [] },
});

const SAMPLES: readonly Sample[] = [
  ...githubExamples().flatMap(({ name, examples }) =>
    examples.map((payload): Sample => ({ source: "github", event: name, payload })),
  ),
  ...planeFixtures().map(
    ({ body }): Sample => ({ source: "plane", event: "issue", payload: JSON.parse(body) as Payload }),
  ),
];

/** Every task that is asked for is found, so that every way is gone. */
const FOUND = { key: "SHOP-1", commit: null, branch: "x", status: "done", title: "t", body: "b", number: 1 };
const TASKS = {
  find: async () => FOUND,
  findByBranch: async () => FOUND,
  findByCommit: async () => [FOUND, { ...FOUND, key: "SHOP-2" }],
} as never;

async function decoded({
  source,
  event,
  payload,
}: Sample): Promise<{ readonly kind: string; readonly reason?: string; readonly wishes?: readonly Wish[] }> {
  const delivery = { source, event, body: JSON.stringify(payload) } as Delivery;
  const audience = { source, settings: null, projects: [OPEN], own: [] };
  const places = { client: null, tasks: TASKS, projects: [OPEN] };
  return source === "github"
    ? understand(delivery, GITHUB, audience, places)
    : understand(delivery, PLANE, audience, places);
}

/** Effects that need nobody's right, because the source tells of itself or because they end work. */
const HARMLESS: ReadonlySet<string> = new Set(["report_ci", "pull_changed", "cancel_task"]);

async function check(sample: Sample): Promise<void> {
  const result = await decoded(sample);
  const shown = `${sample.source} ${sample.event}`;
  if (result.kind !== "wish") {
    assert.ok(["ignore", "failed"].includes(result.kind), `${shown}: ${result.kind}`);
    assert.ok((result.reason ?? "").length > 0, shown);
    assert.ok((result.reason ?? "").length < 1_000, `${shown}: ${result.reason?.slice(0, 200)}`);
    return;
  }
  for (const wish of result.wishes ?? []) {
    const trust =
      sample.source === "github"
        ? await findTrust(wish, GITHUB.trust, null)
        : await findTrust(wish, PLANE.trust, null);
    if (trust.kind !== "trusted" || HARMLESS.has(wish.intent.kind)) continue;
    assert.ok(wish.actor.implies !== null, `${shown} is trusted with ${wish.intent.kind}: ${trust.because}`);
    assert.equal(wish.intent.kind, "start_task", shown);
  }
}

const LEAVES: readonly unknown[] = [
  null,
  undefined,
  "",
  "x",
  "/agent",
  "__proto__",
  "\u0000\u202e\ud800",
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [null],
  [[[[]]]],
  { length: 1 },
  "github-actions[bot]",
  "x".repeat(300_000),
  Array.from({ length: 5_000 }, () => ({ name: "agent" })),
];

type Steps = readonly (string | number)[];

function pathsOf(value: unknown, depth = 0): readonly Steps[] {
  if (depth > 6 || typeof value !== "object" || value === null) return [[]];
  const entries = Array.isArray(value)
    ? value.slice(0, 3).map((one, at) => [at, one] as const)
    : Object.entries(value);
  return [[], ...entries.flatMap(([step, one]) => pathsOf(one, depth + 1).map((rest) => [step, ...rest]))];
}

function mutated(payload: Payload, [step, ...rest]: Steps, leaf: unknown): Payload {
  if (step === undefined) return payload;
  const copy: Record<string | number, unknown> = structuredClone(payload) as Record<string, unknown>;
  let at = copy;
  for (const [index, now] of [step, ...rest].entries()) {
    if (index < rest.length) at = at[now] as Record<string | number, unknown>;
    else if (leaf === undefined) delete at[now];
    else
      Object.defineProperty(at, now, { value: leaf, enumerable: true, writable: true, configurable: true });
  }
  return copy as Payload;
}

test("every published example and every recorded payload is understood, or ignored with its reason", async () => {
  const kinds = new Map<string, number>();
  for (const sample of SAMPLES) {
    await check(sample);
    const { kind, reason } = await decoded(sample);
    assert.notEqual(kind, "failed", `${sample.source} ${sample.event}: ${reason}`);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  assert.ok((kinds.get("wish") ?? 0) > 20, JSON.stringify([...kinds]));
});

test(`I12, I13: ${COUNT} payloads with fields missing, null, of another kind or huge do nothing that nobody may`, async () => {
  const heard = SAMPLES.filter(({ source, event }) => source === "plane" || HEARD.has(event));
  const paths = heard.map(({ payload }) => pathsOf(payload));
  const mutation = fc.record({
    sample: fc.nat(heard.length - 1),
    steps: fc.array(fc.record({ at: fc.nat(9_999), leaf: fc.nat(LEAVES.length - 1) }), {
      minLength: 1,
      maxLength: 3,
    }),
  });
  await fc.assert(
    fc.asyncProperty(mutation, async ({ sample: index, steps }) => {
      const sample = heard[index];
      const all = paths[index] ?? [];
      assert.ok(sample !== undefined);
      let payload = sample.payload;
      for (const { at, leaf } of steps) {
        const path = all[at % all.length] ?? [];
        if (isThere(payload, path)) payload = mutated(payload, path, LEAVES[leaf]);
      }
      await check({ ...sample, payload });
    }),
    { numRuns: COUNT, seed: 13 },
  );
});

const HEARD: ReadonlySet<string> = new Set([
  ...["issues", "issue_comment", "check_run", "check_suite", "workflow_run", "status"],
  ...["pull_request", "pull_request_review", "pull_request_review_comment", "push", "repository", "delete"],
]);

function isThere(payload: unknown, path: Steps): boolean {
  let at: unknown = payload;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return false;
    at = (at as Record<string | number, unknown>)[step];
  }
  return path.length > 0;
}
