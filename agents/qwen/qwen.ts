/**
 * Qwen Code as a backend: its command line, its stop sequence, and what an exit without a last word means. Recorded
 * with version 0.24.4. The transcript is read in `dialect.ts`, its own record of a session in `session.ts`.
 *
 * W1. A limit of its own that is reached (`--max-session-turns`, `--max-tool-calls`, `--max-wall-time` in a profile's
 *     arguments) ends it without a last word, with an exit code that says so.
 *
 * Not done here: an effort, which it has no flag for; `effort` of a profile has no effect. How it signs in is its own
 * affair: `--auth-type` and the like belong to its settings, to the environment, or to a profile's arguments.
 */

import type { Permissions } from "../../workflow/project.ts";
import { option, SESSION_NAME } from "../argument.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { toolsInBlocks } from "../dialect/tools.ts";
import { judgeExit } from "../exit.ts";
import { hasFlag } from "../flags.ts";
import { MCP_FILE, mcpFile } from "../mcp-file.ts";
import { failed, type Terminal } from "../terminal.ts";
import { beginQwen, isWaiting, readQwenLine } from "./dialect.ts";
import { judgeQwenError, lastErrorIn } from "./failure.ts";
import { qwenSessions } from "./session.ts";

export const qwen: Backend = {
  name: "qwen",
  commandLine: "own",
  lacks: { effort: "qwen has no such option" },
  outsideText: "file",
  sessionName: SESSION_NAME,
  invoke,
  begin: beginQwen,
  read: readQwenLine,
  toolsIn: toolsInBlocks,
  conclude,
  // The group is what matters: its wrapper dies of a signal by itself and leaves the agent running.
  stop: [
    { signal: "SIGTERM", graceMs: 10_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "line",
  outputs: [],
  sessions: qwenSessions,
  login: [],
  signedInBy: {
    variables: ["OPENAI_API_KEY"],
    files: [".qwen/oauth_creds.json"],
  },
  keeps: (worktrees) => [
    ...[".qwen/oauth_creds.json", ".qwen/settings.json", ".qwen/installation_id"],
    `.qwen/projects/${worktrees.replaceAll(/[^a-zA-Z0-9]/g, "-")}-*`,
  ],
};

/** Any of these in the profile's own arguments means that it has taken permissions into its own hands. */
const PERMISSION_FLAGS = ["--approval-mode", "--yolo", "-y", "--allowed-tools"];

const MODES: Readonly<Record<Permissions, string>> = {
  full: "yolo",
  // Changes of files pass, and what nobody can be asked about is refused, commands among it.
  workspace: "auto-edit",
  read_only: "plan",
};

/** One process less, and no warning about `yolo` that nobody reads. */
const ENVIRONMENT = { QWEN_CODE_NO_RELAUNCH: "true", QWEN_CODE_SUPPRESS_YOLO_WARNING: "1" };

function invoke(context: InvocationContext): Invocation {
  const { profile, session, promptFile, outsideFolder, directory } = context;
  const managed = hasFlag(profile.args, PERMISSION_FLAGS);
  const hasServers = Object.keys(profile.mcp).length > 0;
  const argv = [
    profile.program ?? "qwen",
    ...["--output-format", "stream-json"],
    // Its tools read the worktree, and folders that it is told of.
    `--include-directories=${outsideFolder}`,
    ...(managed ? [] : ["--approval-mode", MODES[profile.permissions]]),
    ...option("--model", profile.model),
    ...option("--resume", session),
    ...(hasServers ? [`--mcp-config=${directory}/${MCP_FILE}`] : []),
    ...profile.args,
  ];
  const files = hasServers ? { [MCP_FILE]: mcpFile(profile.mcp) } : {};
  return { argv, env: ENVIRONMENT, stdin: promptFile, files };
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = judgeEnd(transcript, ending);
  return { terminal, usage: transcript.usage, session: transcript.session };
}

function judgeEnd(transcript: Transcript, ending: Ending): Terminal {
  // Why it waits for another try it tells on stderr only.
  const error = isWaiting(transcript) ? lastErrorIn(ending.stderrTail) : null;
  if (error !== null) return judgeQwenError(error);
  return transcript.terminal ?? judgeSilentEnd(ending);
}

function judgeSilentEnd(ending: Ending): Terminal {
  const byExit = judgeExit(ending);
  if (byExit === null) return failed("agent_error", "qwen exited without a result");
  // W1
  if (ending.exitCode === 53 || ending.exitCode === 55) return { ...byExit, failure: "turn_limit" };
  return LOST_SESSION.test(ending.stderrTail) ? { ...byExit, failure: "invalid_session" } : byExit;
}

/** Printed by `--resume` with an id that is not on this disk. */
const LOST_SESSION = /No saved session found with ID/;
