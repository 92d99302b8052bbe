/** How a task stood when its phases ended, over the API. */

import { createRoute, z } from "@hono/zod-openapi";
import type { Phase } from "../../../workflow/phases/phase.ts";
import type { Snapshot } from "../../../workflow/phases/snapshot.ts";
import { phaseMoves } from "../../../workflow/phases/states.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { unknownTask } from "../find.ts";
import { json, NOT_FOUND, PROBLEMS } from "../route.ts";
import { count, iso, taskKey, time, usd, words } from "../shapes.ts";

const SnapshotView = z
  .object({
    phase: z.string(),
    cycle: count,
    status: z.enum(phaseMoves.statuses),
    verdict: words,
    artifacts: z
      .record(z.string(), z.string())
      .openapi({ description: "SHA-256 of what each phase had left behind by then, by phase" }),
    branch: words,
    commit: words.openapi({ description: "the newest that was published by then" }),
    agents: z.record(z.string(), z.string()).openapi({ description: "who played which role" }),
    session_id: words,
    session_turns: count.openapi({ description: "turns that this session had had by then" }),
    run: words.openapi({ description: "the last run of the phase" }),
    runs: count,
    input_tokens: count.openapi({ description: "of these runs, with what was read from caches" }),
    output_tokens: count,
    cost_usd: z.number().nullable(),
    events: count.openapi({ description: "the number of the last event of its history by then" }),
    at: time,
  })
  .openapi("Snapshot");
export type SnapshotAnswer = z.infer<typeof SnapshotView>;

const LIST = createRoute({
  method: "get",
  path: "/tasks/{key}/snapshots",
  operationId: "listSnapshots",
  summary: "List how a task stood when its phases ended, oldest first",
  request: { params: z.object({ key: taskKey }) },
  responses: {
    200: json(
      "A snapshot for each phase that has ended",
      z.object({ task: z.string(), snapshots: z.array(SnapshotView) }).openapi("Snapshots"),
    ),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

export function snapshotRoutes({ store }: ApiOptions): Api {
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const { key } = c.req.valid("param");
    if ((await store.tasks.get(key)) === null) return unknownTask(key);
    const phases = await store.phases.ofTask(key);
    const taken = await store.snapshots.ofTask(key);
    return c.json({ task: key, snapshots: taken.flatMap((one) => view(one, phases)) }, 200);
  });
  return api;
}

function view(snapshot: Snapshot, phases: readonly Phase[]): readonly SnapshotAnswer[] {
  const row = phases.find(({ seq }) => seq === snapshot.seq);
  if (row === undefined) return [];
  const { agents, branch, commit, run, runs, events } = snapshot;
  return [
    {
      ...{ phase: row.phase, cycle: row.cycle, status: row.status, verdict: row.verdict },
      artifacts: artifactsBy(snapshot.seq, phases),
      ...{ branch, commit, agents: { ...agents }, run, runs, events },
      session_id: row.session?.id ?? null,
      session_turns: row.session?.turns ?? 0,
      input_tokens: snapshot.inputTokens,
      output_tokens: snapshot.outputTokens,
      cost_usd: usd(snapshot.costNanos),
      at: iso(snapshot.takenAt),
    },
  ];
}

/** Of each phase the newest that it had completed with by then. */
function artifactsBy(seq: number, phases: readonly Phase[]): Record<string, string> {
  const left = phases
    .filter((row) => row.seq <= seq && row.status === "completed")
    .flatMap(({ phase, artifact }) => (artifact === null ? [] : [[phase, artifact] as const]));
  return Object.fromEntries(left);
}
