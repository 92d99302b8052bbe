/**
 * What is worked on in a world of phases: the built-in `pipeline` as it is shipped, or a small workflow of the seed's
 * own, and agents that leave behind what its schemas ask for, mostly.
 */

import { builtInText } from "../../../daemon/workflows/built-in.ts";
import { readWorkflow } from "../../../daemon/workflows/read.ts";
import { MERGER } from "../../../workflow/phases/merge.ts";
import type { Project } from "../../../workflow/project.ts";
import {
  type Gate,
  type Json,
  partsOf,
  SINGLE,
  type Workflow,
  type WorkflowPhase,
} from "../../../workflow/workflow.ts";
import { APPROVAL, CI, phase, PIPELINE as SHORT } from "../../workflow/decide/phases.ts";
import { PROJECT } from "../daemon.ts";
import type { SimProcess } from "../processes.ts";
import type { Prng, World } from "../world.ts";

const MINUTE = 60_000;

/** Its phases take more than a task of one does. */
const SHOP: Project = {
  ...PROJECT,
  cloneUrl: "https://forge.example/acme/shop.git",
  budget: [
    { scope: "run", unit: "tokens", amount: 250 },
    { scope: "task", unit: "tokens", amount: 5_000 },
    { scope: "task", unit: "runs", amount: 60 },
    { scope: "day", unit: "tokens", amount: 20_000 },
  ],
};

/** As it is shipped. */
const PIPELINE: Workflow = readBuiltIn();

function readBuiltIn(): Workflow {
  const { origin, text } = builtInText("pipeline") ?? { origin: "", text: "" };
  const read = readWorkflow(text, origin, { schemaTrouble: () => null });
  if (read.kind === "problems") throw new Error(`${origin} cannot be read`);
  return read.workflow;
}

export function drawProject({ prng }: World): Project & { readonly workflow: Workflow } {
  const drawn = prng.below(4);
  const workflow = drawn === 0 ? PIPELINE : drawn === 1 ? SHORT : drawWorkflow(prng);
  return { ...SHOP, publish: { ...SHOP.publish, merge: prng.chance(4, 5) }, workflow };
}

const VERDICTS = ["good", "bad", "DEGRADED"] as const;
/** With `verdict` at its top, as routes need it. */
const SCHEMA = {
  type: "object",
  required: ["verdict", "summary"],
  properties: { verdict: { enum: VERDICTS }, summary: { type: "string" } },
} satisfies Json;

/** Two to four phases with any gates and ways, such as a reader of files would let through. */
function drawWorkflow(prng: Prng): Workflow {
  const count = 2 + prng.below(3);
  const phases = Array.from({ length: count }, (_, index): WorkflowPhase => {
    const gate = drawGate(prng);
    const isJudged = prng.chance(2, 3);
    // Who is asked has to be asked about something, or nobody could say what an answer was about.
    const isSeen = !isJudged && partsOf(gate).approval !== null;
    return phase(`p${index}`, {
      role: `r${index % 2}`,
      session: { kind: prng.chance(1, 2) ? "fresh" : "continue" },
      cyclesMax: 1 + prng.below(3),
      attempts: prng.chance(1, 2) ? 2 + prng.below(2) : null,
      gate,
      publish: isSeen || prng.chance(1, 4),
      checks: drawChecks(prng),
      when: index > 0 && prng.chance(1, 5) ? { phase: `p${prng.below(index)}`, verdicts: ["good"] } : null,
      ...(isJudged && { artifact: { path: `p${index}.json`, schema: SCHEMA } }),
      ...(isJudged &&
        prng.chance(1, 2) && { routes: { bad: { to: "phase", phase: `p${prng.below(count)}` } } }),
      ...(isJudged && prng.chance(1, 5) && { routes: { DEGRADED: { to: "freeze" } } }),
    });
  });
  const [first = SINGLE.phases[0], ...rest] = phases;
  const [isMerged, last] = [prng.chance(5, 6), prng.below(count)];
  const begun = { ...first, when: null, publish: first.publish || isMerged };
  const merging = isMerged ? [drawMerge(prng, `p${last}`), DEPLOY] : [];
  return { name: "drawn", description: "", phases: [begun, ...rest, ...merging] };
}

function drawChecks(prng: Prng): WorkflowPhase["checks"] {
  if (!prng.chance(1, 2)) return [];
  return ["npm test", "npm run lint"].slice(prng.below(2)).map((run) => ({ run, timeoutMs: MINUTE }));
}

/** @param back to whom what does not fit goes */
function drawMerge(prng: Prng, back: string): WorkflowPhase {
  return phase("merge", {
    role: MERGER,
    merge: { as: prng.chance(1, 2) ? "fast_forward" : "merge_commit" },
    routes: {
      conflict: prng.chance(3, 4) ? { to: "phase", phase: back } : { to: "fail" },
      nothing: { to: "done" },
    },
    onlyMerging: true,
  });
}

const DEPLOY = phase("deploy", {
  artifact: {
    path: "deploy.json",
    schema: { ...SCHEMA, properties: { ...SCHEMA.properties, verdict: { enum: ["good", "DEGRADED"] } } },
  },
  routes: { DEGRADED: { to: "freeze" } },
  onlyMerging: true,
});

function drawGate(prng: Prng): Gate {
  const approval = {
    ...APPROVAL,
    count: prng.chance(1, 2) ? 2 : 1,
    expiresMs: prng.chance(1, 4) ? (5 + prng.below(20)) * MINUTE : null,
    onReject: prng.chance(1, 5) ? "fail" : "retry",
  } as const;
  const ci = {
    ...CI,
    required: prng.chance(1, 2) ? ["test"] : [],
    timeoutMs: (10 + prng.below(20)) * MINUTE,
    graceMs: 2 * MINUTE,
    noChecks: (["pass", "wait", "fail"] as const)[prng.below(3)] ?? "wait",
  };
  switch (prng.below(8)) {
    case 0:
    case 1:
    case 2:
      return approval;
    case 3:
      return ci;
    case 4:
      return { kind: "all_of", approval, ci };
    case 5:
      return { kind: "any_of", approval, ci };
    default:
      return { kind: "none" };
  }
}

/** Mostly what is wanted; now and then nothing, or no JSON. No two are the same. */
export function artifactOf(
  workflow: Workflow,
  { prng }: World,
  { phase: key, run }: SimProcess,
): string | null {
  if (prng.chance(1, 14)) return null;
  if (prng.chance(1, 14)) return `{ not JSON by ${run}`;
  const wanted = workflow.phases.find((one) => one.key === key);
  const schema = wanted?.artifact?.schema ?? null;
  if (workflow !== SHORT) return JSON.stringify(sample(schema, prng, run));
  const verdict = key === "analysis" ? "fine" : SAID[prng.below(SAID.length)];
  return JSON.stringify({ verdict, run });
}

const SAID = [
  ...["approved", "approved", "approved", "approved", "changes_requested", "changes_requested"],
  ...["changes_requested", "trivial", "hopeless", "something"],
];

/** The least that a schema takes, with a mark of who has written it. The first words of an enum are likelier. */
function sample(schema: Json, prng: Prng, mark: string): Json {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return mark;
  const of = (key: string): Json => (Object.hasOwn(schema, key) ? (Reflect.get(schema, key) ?? null) : null);
  const choices = of("enum");
  if (Array.isArray(choices)) return choices[prng.chance(3, 5) ? 0 : prng.below(choices.length)] ?? null;
  switch (of("type")) {
    case "object": {
      const [required, properties] = [of("required"), of("properties")];
      const names = Array.isArray(required) ? required.map(String) : [];
      const fields = typeof properties === "object" && properties !== null ? properties : {};
      return Object.fromEntries(names.map((name) => [name, sample(Reflect.get(fields, name), prng, mark)]));
    }
    case "array":
      return Array.from({ length: Number(of("minItems") ?? 0) }, () => sample(of("items"), prng, mark));
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return true;
    default:
      return of("pattern") === null ? `by ${mark}` : "R1";
  }
}

/**
 * What an agent asks of people, now and then: a choice, and sometimes a secret. Few forms differ, so that the same is
 * asked again.
 */
export function drawAsk({ prng }: World): string | null {
  if (!prng.chance(1, 10)) return null;
  if (prng.chance(1, 20)) return "{ no form";
  const way = { name: "way", type: "choice", label: "Which way?", options: ["left", "right"] };
  const key = { name: "key", type: "secret", label: "The key", required: prng.chance(1, 2) };
  return JSON.stringify({
    title: `Way ${prng.below(3)}`,
    reason: "two ways are open",
    fields: prng.chance(1, 2) ? [way, key] : [way],
    ...(prng.chance(1, 3) && { expires: `${1 + prng.below(15)}m` }),
    on_expire: prng.chance(1, 2) ? "continue" : "fail",
  });
}
