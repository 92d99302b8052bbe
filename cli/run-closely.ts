/** One run closely: how it ended and which tools it called, its turns, what it was told and what it said last. */

import { type Listed, listShape } from "./answers/answers.ts";
import { runWithToolsShape, type ToldRunWithTools, type ToldTurn, turnShape } from "./answers/tasks.ts";
import { type Client, connect, query, segment } from "./client.ts";
import { type Answer, EXIT, fail, report } from "./outcome.ts";
import { ago, count, dollars, plainLines, span, took } from "./phrases.ts";
import type { Ports } from "./ports.ts";
import { nextPage, type PageOptions, show } from "./read.ts";
import { renderFields, renderTable, type Screen } from "./table.ts";

interface CloselyOptions extends PageOptions {
  readonly turns?: boolean;
  readonly prompt?: boolean;
  readonly response?: boolean;
}

export async function showRun(run: string, options: CloselyOptions, ports: Ports): Promise<void> {
  const { turns, prompt, response, limit, cursor } = options;
  const path = `/runs/${segment(run)}`;
  if ([turns, prompt, response].filter(Boolean).length > 1)
    return report(fail(EXIT.usage, "--turns, --prompt and --response exclude one another"), ports);
  if (prompt || response) return showText(`${path}/${prompt ? "prompt" : "response"}`, run, options, ports);
  if (turns)
    return show(
      ports,
      options,
      listShape("turns", turnShape),
      (client) => client.get(`${path}/turns${query({ limit, cursor })}`),
      renderTurns,
    );
  return show(ports, options, runWithToolsShape, (client) => client.get(path), renderRun);
}

/** Text from outside or of an agent's: shown without what a terminal would obey. */
async function showText(path: string, run: string, options: CloselyOptions, ports: Ports): Promise<void> {
  const client = await connect(options, ports);
  const answer = client.kind === "failed" ? client : await readText(client.value, path);
  if (answer.kind === "failed") return report(answer, ports);
  ports.out(
    options.json
      ? `${JSON.stringify({ run, text: answer.value }, null, 2)}\n`
      : `${plainLines(answer.value.trimEnd())}\n`,
  );
}

async function readText(client: Client, path: string): Promise<Answer<string>> {
  const answer = await client.stream(path);
  if (answer.kind === "failed") return answer;
  const parts: Uint8Array[] = [];
  try {
    for await (const part of answer.value) parts.push(part);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(EXIT.failed, `the daemon broke off in the middle of its answer: ${why}`);
  }
  return { kind: "ok", value: Buffer.concat(parts).toString("utf8") };
}

function renderRun(run: ToldRunWithTools, screen: Screen): string {
  const tokens = (run.input_tokens ?? 0) + (run.cache_read_tokens ?? 0) + (run.output_tokens ?? 0);
  return renderFields(
    [
      [run.id, `${run.task}, phase ${run.phase}`],
      ["status", run.status],
      ["reason", run.reason],
      ["agent", run.agent],
      ["account", run.account],
      ["model", run.model],
      ["session", run.session_id],
      ["commit", run.commit],
      ["turns", run.turns === 0 ? null : `${run.turns} (--turns lists them)`],
      ["tools", run.tools.map(({ name, calls }) => `${name} ${calls}`).join(", ")],
      ["tokens", count(tokens)],
      ["cost", dollars(run.cost_usd, run.cost_source)],
      ["started", ago(run.started_at, screen.now)],
      ["took", took(run.started_at, run.finished_at, screen.now)],
    ],
    screen,
  );
}

function renderTurns({ items, next }: Listed<ToldTurn>, screen: Screen): string {
  if (items.length === 0) return "Its program has told of no turn.\n";
  const columns = [
    { head: "TURN" },
    { head: "MODEL", flexible: true },
    { head: "STATUS" },
    { head: "IN" },
    { head: "CACHED" },
    { head: "OUT" },
    { head: "COST" },
    { head: "TOOK" },
    { head: "REQUEST", flexible: true, spare: true },
    { head: "WHEN" },
  ];
  const rows = items.map((turn) => [
    String(turn.number),
    turn.model,
    turn.status,
    count(turn.input_tokens + turn.cache_creation_tokens),
    count(turn.cache_read_tokens),
    count(turn.output_tokens),
    dollars(turn.cost_usd, turn.cost_source),
    typeof turn.latency_ms === "number" ? span(turn.latency_ms) : "–",
    turn.request_id ?? "–",
    ago(turn.at, screen.now),
  ]);
  return renderTable(columns, rows, screen) + nextPage(next);
}
