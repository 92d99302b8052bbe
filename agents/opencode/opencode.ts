/**
 * OpenCode as a backend: its command line, its stop sequence, and what an exit without a last word means. Recorded
 * with version 1.18.33. The transcript is read in `dialect.ts`.
 *
 * O1. Settings go in by `OPENCODE_CONFIG_CONTENT`, which adds to the files of the machine's owner. A profile that names
 *     this variable in `env` takes all of it into its own hands: then permissions and MCP servers here have no effect.
 * O2. It has no sandbox. A shell can do everything, so an agent that may not do everything gets none.
 *
 * O3. It sleeps through any `retry-after`, hours if need be, and its output says nothing of it. Its log does, on
 *     stderr, though not for how long; so a run that was stopped for its silence has its reason.
 *
 * Not done here: its record of a session is a database of its own, which is not read; it holds no more than the output.
 */

import type { AgentProfile, Permissions } from "../../workflow/project.ts";
import { judgeApiError } from "../api-error.ts";
import { option } from "../argument.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { judgeExit } from "../exit.ts";
import { hasFlag } from "../flags.ts";
import { failed, type Terminal } from "../terminal.ts";
import { beginOpencode, heardAt, readOpencodeLine, toolsInOpencodeLine } from "./dialect.ts";

export const opencode: Backend = {
  name: "opencode",
  commandLine: "own",
  lacks: {},
  outsideText: "prompt",
  sessionName: /^ses_\w{1,128}$/,
  invoke,
  begin: beginOpencode,
  read: readOpencodeLine,
  toolsIn: toolsInOpencodeLine,
  conclude,
  // It dies of either signal at once, saves nothing, and leaves its tool behind; the sweep ends that.
  stop: [
    { signal: "SIGTERM", graceMs: 5_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "line",
  outputs: [],
  sessions: null,
  login: ["auth", "login"],
  signedInBy: {
    variables: [
      "ANTHROPIC_API_KEY",
      "OPENAI_API_KEY",
      "OPENROUTER_API_KEY",
      "GEMINI_API_KEY",
      "OPENCODE_CONFIG_CONTENT",
    ],
    files: [".local/share/opencode/auth.json"],
  },
  keeps: () => [
    ".config/opencode",
    ...["auth.json", "opencode.db*", "storage"].map((name) => `.local/share/opencode/${name}`),
  ],
};

const PERMISSION_FLAGS = ["--auto", "--dangerously-skip-permissions"];

function invoke(context: InvocationContext): Invocation {
  const { profile, session, promptFile } = context;
  const managed = hasFlag(profile.args, PERMISSION_FLAGS);
  const argv = [
    profile.program ?? "opencode",
    ...["run", "--format", "json", "--print-logs", "--log-level", "ERROR"],
    // It approves what is not denied; without it a question nobody can answer may come.
    ...(managed ? [] : ["--auto"]),
    ...option("--model", profile.model),
    ...option("--variant", profile.effort),
    ...option("--session", session),
    ...profile.args,
  ];
  const config = {
    $schema: "https://opencode.ai/config.json",
    autoupdate: false,
    share: "disabled",
    ...(managed || profile.permissions === "full" ? {} : { permission: DENIED[profile.permissions] }),
    ...(Object.keys(profile.mcp).length === 0 ? {} : { mcp: mcpServers(profile.mcp) }),
  };
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(config), OPENCODE_DISABLE_AUTOUPDATE: "1" };
  return { argv, env, stdin: promptFile, files: {} };
}

/** O2. `edit` stands for every tool that changes a file. */
const DENIED: Readonly<Record<Exclude<Permissions, "full">, Readonly<Record<string, "deny">>>> = {
  workspace: { bash: "deny", external_directory: "deny" },
  read_only: { bash: "deny", external_directory: "deny", edit: "deny" },
};

function mcpServers(servers: AgentProfile["mcp"]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(servers).map(([name, { command, args, env }]) => [
      name,
      { type: "local", command: [command, ...args], environment: env, enabled: true },
    ]),
  );
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = transcript.terminal ?? judgeLog(transcript, ending) ?? judgeSilentEnd(ending);
  return { terminal, usage: transcript.usage, session: transcript.session };
}

/** O3: an error of the main conversation that it had not got over when it ended. */
function judgeLog(transcript: Transcript, ending: Ending): Terminal | null {
  const lines = ending.stderrTail.split("\n");
  const [, time = "", said = ""] = lines.map((line) => STREAM_ERROR.exec(line)).findLast(isFound) ?? [];
  if (!(Date.parse(time) > heardAt(transcript))) return null;
  const error = { status: null, body: "", message: said, headers: {}, at: null };
  const { failure } = judgeApiError(error);
  return failure === null ? null : failed(failure, said);
}

function isFound(match: RegExpExecArray | null): match is RegExpExecArray {
  return match !== null;
}

const STREAM_ERROR =
  /^timestamp=(\S+) level=ERROR .*message="stream error".* mode=primary error\.error="(?:\w+: )?(.*)"$/;

function judgeSilentEnd(ending: Ending): Terminal {
  const byExit = judgeExit(ending);
  if (byExit === null)
    return failed("agent_error", "opencode exited in the middle of its work, without an answer");
  return LOST_SESSION.test(ending.stderrTail) ? { ...byExit, failure: "invalid_session" } : byExit;
}

const LOST_SESSION = /session not found/i;
