/**
 * Codex as a backend: its command line, its stop sequence, and what an exit without a last word means. Recorded with
 * version 0.169.0. The transcript is read in `dialect.ts`, failures are named in `failure.ts`, and its own
 * record of a session is read in `session.ts`.
 *
 * X1. Settings go in by `-c`, on the command line, where every user of the machine can read them: no secret is among
 *     them, and servers of its own are scripts (`servers.ts`).
 * X2. Inside our walls its own are always off: within them it would silently do nothing, and call that a success. What
 *     `permissions` says is kept by our walls then, which show the working copy read-only (`daemon/run/walls.ts`).
 * X3. Whatever it can be told stands before the word `resume`, which takes less.
 *
 * Not done here: fewer tries of its own, for which it has a setting only with providers of one's own. It tries five
 * times, and for ever while there is no network or a `Retry-After` lasts.
 */

import type { Permissions } from "../../workflow/project.ts";
import { option, SESSION_NAME } from "../argument.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { judgeExit } from "../exit.ts";
import { hasFlag } from "../flags.ts";
import { withReset } from "../reset.ts";
import { failed, type Terminal } from "../terminal.ts";
import { beginCodex, readCodexLine, toolsInCodexLine, troubleOf } from "./dialect.ts";
import { judgeCodexError } from "./failure.ts";
import { serverScripts, serverSettings } from "./servers.ts";
import { codexSessions } from "./session.ts";

export const codex: Backend = {
  name: "codex",
  commandLine: "own",
  lacks: {},
  outsideText: "prompt",
  sessionName: SESSION_NAME,
  invoke,
  begin: beginCodex,
  read: readCodexLine,
  toolsIn: toolsInCodexLine,
  conclude,
  // SIGINT makes it write its rollout and end its tool; of SIGTERM it dies at once and leaves the tool running.
  stop: [
    { signal: "SIGINT", graceMs: 5_000 },
    { signal: "SIGTERM", graceMs: 5_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "line",
  outputs: [],
  sessions: codexSessions,
  reports: ["5h", "week"],
  login: ["login"],
  signedInBy: {
    variables: ["CODEX_API_KEY"],
    files: ["$CODEX_HOME/auth.json", ".codex/auth.json"],
  },
  keeps: () =>
    ["auth.json", "config.toml", "AGENTS.md", "prompts", "sessions"].map((name) => `.codex/${name}`),
};

const BYPASS = "--dangerously-bypass-approvals-and-sandbox";

/** Any of these in the profile's own arguments means that it has taken permissions into its own hands. */
const PERMISSION_FLAGS = ["--sandbox", "-s", "--approve-for-me", BYPASS];

const PERMISSIONS: Readonly<Record<Permissions, readonly string[]>> = {
  full: [BYPASS],
  workspace: ["--sandbox", "workspace-write"],
  read_only: ["--sandbox", "read-only"],
};

function invoke(context: InvocationContext): Invocation {
  const { run, profile, session, promptFile, directory } = context;
  const argv = [
    profile.program ?? "codex",
    // It wants a repository, and does not always take a worktree for one.
    ...["exec", "--json", "--skip-git-repo-check"],
    ...permissionsOf(context),
    ...option("--model", profile.model),
    ...(profile.effort === null ? [] : setting("model_reasoning_effort", profile.effort)),
    // Without this it lingers for five seconds after its last word.
    ...["-c", "analytics.enabled=false"],
    ...serverSettings(profile.mcp, directory).flatMap(([key, value]) => setting(key, value)),
    ...profile.args,
    ...(session === null ? [] : ["resume", session]),
  ];
  return { argv, env: {}, stdin: promptFile, files: serverScripts(profile.mcp, run) };
}

function permissionsOf({ profile, walled }: InvocationContext): readonly string[] {
  // It takes the flag once only.
  if (walled) return hasFlag(profile.args, [BYPASS]) ? [] : PERMISSIONS.full;
  return hasFlag(profile.args, PERMISSION_FLAGS) ? [] : PERMISSIONS[profile.permissions];
}

/** Strings and lists of strings are written alike in JSON and in TOML, which it expects. */
function setting(key: string, value: unknown): readonly string[] {
  return ["-c", `${key}=${JSON.stringify(value)}`];
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = transcript.terminal ?? judgeSilentEnd(transcript, ending);
  const { usage, session } = transcript;
  return { terminal: withReset(terminal, ending.endedAt), usage, session };
}

function judgeSilentEnd(transcript: Transcript, ending: Ending): Terminal {
  const byExit = judgeExit(ending);
  if (byExit === null) return failed("agent_error", "codex exited without an end of its turn");
  if (LOST_SESSION.test(ending.stderrTail)) return { ...byExit, failure: "invalid_session" };
  const wasKilled = byExit.failure === "crashed" && ending.signal !== null;
  // What it died with, or what it was trying again when somebody ended it: then that is why there was nothing to do.
  const trouble = troubleOf(transcript);
  if (trouble !== null && !wasKilled) return judgeCodexError(trouble);
  // Of whatever fails in its thread it tells; of SIGINT it does not.
  const isSilent = ending.exitCode === 1 && transcript.session !== null && !ERROR.test(ending.stderrTail);
  return isSilent ? failed("interrupted", "somebody else interrupted the agent") : byExit;
}

const ERROR = /^Error: /m;

/** Printed by `resume` with an id that is not on this disk. */
const LOST_SESSION = /no rollout found for thread id/;
