/**
 * Any command line as an agent (DESIGN §8, *A `command` agent*).
 *
 * X1. The last word is the file `$CHARGEHAND_RESULT`. Without it the exit code decides, and usage is what its output
 *     told, or unknown (no rows).
 * X2. A result file that is not what was agreed is a failure that says where it is wrong: half-believed figures would
 *     be wrong ones.
 * X3. Lines of JSON on its stdout in Claude's stream format (`type` system, assistant, user, result) are read as such,
 *     so that a script around Claude Code, or a scripted agent, shows live tokens. Usage in the result file wins. Such
 *     a `result` line does not end the run: the script may go on after its agent.
 */

import { z } from "zod";
import {
  COST_NANOS_MAX,
  NAME_CHARS_MAX,
  STOP_GRACE_MS,
  SUMMARY_CHARS_MAX,
  TOKENS_MAX,
} from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { CLAUDE_EMPTY, readClaudeLine } from "../claude/dialect.ts";
import { toolsInBlocks } from "../dialect/tools.ts";
import { judgeExit } from "../exit.ts";
import { price } from "../prices/prices.ts";
import { failed, type Terminal } from "../terminal.ts";
import { addUsage } from "../usage.ts";

/** Name, in the run's directory, of the file at `$CHARGEHAND_RESULT`. */
export const RESULT_FILE = "result.json";

export const command: Backend = {
  name: "command",
  commandLine: "given",
  lacks: {},
  outsideText: "prompt",
  // A script is not given it again.
  sessionName: /^[\x21-\x7e]{1,200}$/,
  invoke,
  // A script reports no tool calls; it is one, and may be as silent as a build.
  begin: () => ({ ...CLAUDE_EMPTY, openTools: 1 }),
  read,
  toolsIn: toolsInBlocks,
  conclude,
  stop: [
    { signal: "SIGTERM", graceMs: STOP_GRACE_MS },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "file",
  outputs: [RESULT_FILE],
  sessions: null,
  login: null,
  signedInBy: null,
  keeps: () => [],
};

function invoke(context: InvocationContext): Invocation {
  const { profile, promptFile, promptText } = context;
  switch (profile.prompt) {
    case "stdin":
      return { argv: profile.argv, env: {}, stdin: promptFile, files: {} };
    case "argument":
      return { argv: [...profile.argv, cutArgument(promptText)], env: {}, stdin: null, files: {} };
    case "file":
      return { argv: [...profile.argv, promptFile], env: {}, stdin: null, files: {} };
    default:
      return profile.prompt satisfies never;
  }
}

/** Linux takes no argument longer than 128 KiB with its final NUL, and none with a NUL inside. */
const ARGUMENT_BYTES_MAX = 131_071;

function cutArgument(text: string): string {
  const bytes = new TextEncoder().encode(text.replaceAll("\0", ""));
  // `stream` leaves out a character that the cut went through.
  return new TextDecoder().decode(bytes.subarray(0, ARGUMENT_BYTES_MAX), { stream: true });
}

function read(transcript: Transcript, line: string): Transcript {
  const next = readClaudeLine(transcript, line);
  return { ...next, openTools: Math.max(1, next.openTools), terminal: null };
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const text = ending.outputs[RESULT_FILE];
  if (text === undefined) {
    const terminal: Terminal = judgeExit(ending) ?? { ok: true, summary: null };
    return { terminal, usage: transcript.usage, session: transcript.session };
  }
  const file = parseResult(text);
  if (typeof file === "string") {
    return { terminal: failed("agent_error", file), usage: transcript.usage, session: transcript.session };
  }
  const summary = file.summary?.slice(0, SUMMARY_CHARS_MAX) ?? null;
  const terminal: Terminal =
    file.status === "ok"
      ? { ok: true, summary }
      : failed("agent_error", summary ?? "the agent reported an error", summary);
  const rows = file.usage.map(toUsage);
  const usage = rows.length === 0 ? transcript.usage : addUsage([], rows);
  return { terminal, usage, session: file.session_id ?? transcript.session };
}

const count = z.int().nonnegative().max(TOKENS_MAX).default(0);

const UsageRow = z.object({
  model: z.string().min(1),
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_creation_tokens: count,
  reasoning_tokens: count,
  cost_usd: z
    .number()
    .nonnegative()
    .max(COST_NANOS_MAX / 1e9)
    .nullish(),
});

/** The result file. Unknown keys are let through: a newer script may say more than an older daemon reads. */
const ResultFile = z.object({
  status: z.enum(["ok", "error"]),
  summary: z.string().nullish(),
  session_id: z.string().min(1).max(NAME_CHARS_MAX).nullish(),
  usage: z.array(UsageRow).max(1_000).default([]),
});

/** The file's content, or one sentence on what is wrong with it. */
function parseResult(text: string): z.infer<typeof ResultFile> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return `the agent's result file is not JSON: ${error.message}`;
    throw error;
  }
  const parsed = ResultFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue === undefined || issue.path.length === 0 ? "the document" : z.core.toDotPath(issue.path);
  return `the agent's result file is not as agreed: ${path}: ${issue?.message ?? "invalid"}`;
}

function toUsage(row: z.infer<typeof UsageRow>): Usage {
  const tokens = {
    model: row.model,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheCreationTokens: row.cache_creation_tokens,
    reasoningTokens: row.reasoning_tokens,
  };
  if (typeof row.cost_usd === "number") {
    return { ...tokens, costNanos: Math.round(row.cost_usd * 1e9), costSource: "agent" };
  }
  return { ...tokens, ...price(tokens, "run") };
}
