/** What a run did, over the API: its turns one by one, what it was told, and what it said last. */

import { createRoute, z } from "@hono/zod-openapi";
import { ASKED_FILE, ownPlace, PROMPT_FILE } from "../../../agents/supervision/run-folder.ts";
import { textOf } from "../../../system/files/door.ts";
import { PROMPT_BYTES_MAX } from "../../../workflow/limits.ts";
import { type KeptTurn, TURN_STATUSES } from "../../../workflow/turn.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { problem } from "../problem.ts";
import { json, listOf, NOT_FOUND, PROBLEMS } from "../route.ts";
import { findRun, pruned, runParams } from "../runs.ts";
import { count, iso, maybeCount, PageParams, time, usd, words } from "../shapes.ts";

export const TurnView = z
  .object({
    number: count,
    model: z.string(),
    input_tokens: count,
    output_tokens: count,
    cache_read_tokens: count,
    cache_creation_tokens: count,
    reasoning_tokens: count,
    cost_usd: z.number().nullable(),
    cost_source: z.enum(["agent", "priced", "unpriced", "unknown"]),
    status: z.enum(TURN_STATUSES),
    latency_ms: maybeCount.openapi({ description: "null where the program does not tell" }),
    request_id: words.openapi({ description: "what the model's service calls it" }),
    at: time,
  })
  .openapi("Turn");
export type TurnAnswer = z.infer<typeof TurnView>;

const TURNS = createRoute({
  method: "get",
  path: "/runs/{id}/turns",
  operationId: "listTurns",
  summary: "List the calls of the model that the program of a run has told of, oldest first",
  request: { params: runParams, query: PageParams },
  responses: { 200: json("Its turns, oldest first", listOf("turns", TurnView)), ...PROBLEMS, ...NOT_FOUND },
});

const asText = (description: string) => ({
  200: { description, content: { "text/plain": { schema: z.string() } } },
  ...PROBLEMS,
  ...NOT_FOUND,
});

const PROMPT = createRoute({
  method: "get",
  path: "/runs/{id}/prompt",
  operationId: "readPrompt",
  summary: "Read what the agent of a run was told",
  request: { params: runParams },
  responses: asText(
    "The prompt, and the file with text from outside where it named one; without known secrets",
  ),
});

const RESPONSE = createRoute({
  method: "get",
  path: "/runs/{id}/response",
  operationId: "readResponse",
  summary: "Read what the agent of a run said last",
  request: { params: runParams },
  responses: asText("Its last word, as much of it as is kept; without known secrets"),
});

export function turnRoutes(options: ApiOptions): Api {
  const { store, log } = options;
  const api = newApi();
  api.openapi(TURNS, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const run = await findRun(options, c.req.valid("param").id);
    if (run instanceof Response) return run;
    const found = await store.turns.of(run.id, Number(cursor ?? 0), limit + 1);
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : String(last.number);
    return c.json({ turns: shown.map(viewTurn), next_cursor: next }, 200);
  });
  api.openapi(PROMPT, async (c) => {
    const run = await findRun(options, c.req.valid("param").id);
    if (run instanceof Response) return run;
    const told = await readOwn(options, run.id, PROMPT_FILE);
    if (told === null) {
      const detail = `the agent of run ${run.id} was told nothing yet`;
      return run.finishedAt === null ? problem(404, { detail }) : pruned(run, "prompt");
    }
    const asked = await readOwn(options, run.id, ASKED_FILE);
    return plain(log.redactor.redact(asked === null ? told : `${told.trimEnd()}\n\n${asked}`));
  });
  api.openapi(RESPONSE, async (c) => {
    const run = await findRun(options, c.req.valid("param").id);
    if (run instanceof Response) return run;
    if (run.summary !== null) return plain(log.redactor.redact(run.summary));
    const detail =
      run.finishedAt === null
        ? `run ${run.id} is not over, and its agent has not said its last word`
        : `the agent of run ${run.id} ended without a last word; what it printed is in its log`;
    return problem(404, { detail, state: run.status });
  });
  return api;
}

/** A file of the run's folder, up to a bound; `null` when it is not there. */
async function readOwn(
  { files, runsDirectory }: ApiOptions,
  run: string,
  name: string,
): Promise<string | null> {
  const place = ownPlace(`${runsDirectory}/${run}`, name);
  return textOf(await files.door.read("prompt", place, 0, PROMPT_BYTES_MAX));
}

function plain(text: string): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  return new Response(text.endsWith("\n") ? text : `${text}\n`, { headers });
}

function viewTurn({ number, usage, status, latencyMs, requestId, at }: KeptTurn): TurnAnswer {
  return {
    number,
    model: usage.model,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_creation_tokens: usage.cacheCreationTokens,
    reasoning_tokens: usage.reasoningTokens,
    cost_usd: usd(usage.costNanos),
    cost_source: usage.costSource,
    status,
    latency_ms: latencyMs,
    request_id: requestId,
    at: iso(at),
  };
}
