/**
 * pi as a backend: its command line, its stop sequence, and what an exit without a last word means. Recorded with
 * version 0.87.1. The transcript is read in `dialect.ts`.
 *
 * Q1. It asks for no permission and has no sandbox. What an agent may do is which tools it has: one that may not do
 *     everything has no shell, and one that may only read has no tool that writes.
 * Q2. It exits 0 on every failure of the API, so its exit code says nothing.
 *
 * Q3. It takes no `--flag=value`: what stands behind a flag is checked to be none, and no path of a session.
 *
 * Not done here: servers of the Model Context Protocol. This version knows none; `mcp` of a profile has no effect. Its
 * record of a session holds nothing that the transcript does not, so it is not read.
 */

import type { Permissions } from "../../workflow/project.ts";
import { SESSION_NAME } from "../argument.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { judgeExit } from "../exit.ts";
import { hasFlag } from "../flags.ts";
import { failed, type Terminal } from "../terminal.ts";
import { beginPi, judgeLast, readPiLine, toolsInPiLine } from "./dialect.ts";

export const pi: Backend = {
  name: "pi",
  commandLine: "own",
  lacks: { mcp: "pi knows no MCP servers" },
  outsideText: "prompt",
  sessionName: SESSION_NAME,
  invoke,
  begin: beginPi,
  read: readPiLine,
  toolsIn: toolsInPiLine,
  conclude,
  // SIGTERM ends its tool, too; SIGINT would leave it behind.
  stop: [
    { signal: "SIGTERM", graceMs: 5_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "line",
  outputs: [],
  sessions: null,
  login: [],
  signedInBy: {
    variables: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "GEMINI_API_KEY"],
    files: ["$PI_CODING_AGENT_DIR/auth.json", ".pi/agent/auth.json", ".pi/agent/models.json"],
  },
  keeps: () => [".pi/agent"],
};

/** Any of these in the profile's own arguments means that it chooses tools itself. */
const TOOL_FLAGS = [
  ...["--tools", "-t", "--exclude-tools", "-xt"],
  ...["--no-tools", "-nt", "--no-builtin-tools", "-nbt"],
];

/** Q1. */
const TOOLS: Readonly<Record<Permissions, readonly string[]>> = {
  full: [],
  workspace: ["--tools", "read,edit,write,grep,find,ls"],
  read_only: ["--tools", "read,grep,find,ls"],
};

/** No request for the latest version, no telemetry. */
const ENVIRONMENT = { PI_SKIP_VERSION_CHECK: "1", PI_TELEMETRY: "0" };

function invoke(context: InvocationContext): Invocation {
  const { profile, session, promptFile } = context;
  const argv = [
    profile.program ?? "pi",
    ...["--mode", "json"],
    ...(profile.model === null ? [] : ["--model", profile.model]),
    ...(profile.effort === null ? [] : ["--thinking", profile.effort]),
    ...(hasFlag(profile.args, TOOL_FLAGS) ? [] : TOOLS[profile.permissions]),
    ...(session === null ? [] : ["--session", session]),
    ...profile.args,
  ];
  return { argv, env: ENVIRONMENT, stdin: promptFile, files: {} };
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = transcript.terminal ?? judgeSilentEnd(transcript, ending);
  return { terminal, usage: transcript.usage, session: transcript.session };
}

function judgeSilentEnd(transcript: Transcript, ending: Ending): Terminal {
  const byExit = judgeExit(ending);
  // Q2: it ended in peace without saying that it is done, so the last answer is the last word.
  if (byExit === null) return judgeLast(transcript) ?? failed("agent_error", "pi exited without an answer");
  return LOST_SESSION.test(ending.stderrTail) ? { ...byExit, failure: "invalid_session" } : byExit;
}

const LOST_SESSION = /No session found matching/;
