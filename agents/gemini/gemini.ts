/**
 * Gemini CLI as a backend: its command line, its stop sequence, and what an exit without a last word means. Recorded
 * with version 0.61.0. The transcript is read in `dialect.ts`, failures are named in `failure.ts`, and
 * its own record of a session is read in `session.ts`.
 *
 * Not done here:
 * - Settings. It takes them from files only, and obeys no file of ours: those it finds by `GEMINI_CLI_SYSTEM_*_PATH`
 *   have to be root's own, and the others are the agent's home and the worktree, which are not ours to write. So the
 *   servers of a profile (`mcp`) cannot be told to it; they belong into `mcpServers` of `~/.gemini/settings.json`,
 *   together with `privacy.usageStatisticsEnabled` and `general.maxAttempts`, without which it tries for four minutes.
 * - An effort, which it has no flag for; `effort` of a profile has no effect.
 * - Signing in: settings in the agent's home, or variables of the account.
 */

import type { Permissions } from "../../workflow/project.ts";
import { option } from "../argument.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { judgeExit } from "../exit.ts";
import { hasFlag } from "../flags.ts";
import { withReset } from "../reset.ts";
import { failed, type Terminal } from "../terminal.ts";
import { beginGemini, hasWorked, readGeminiLine, toolsInGeminiLine } from "./dialect.ts";
import { classOfExit, waitedFor } from "./failure.ts";
import { geminiSessions } from "./session.ts";

export const gemini: Backend = {
  name: "gemini",
  commandLine: "own",
  lacks: {
    mcp: "gemini reads MCP servers from its owner's settings only (~/.gemini/settings.json)",
    effort: "gemini has no such option",
  },
  outsideText: "file",
  // Not `latest`, nor a number: these are the session of somebody else.
  sessionName: /^(?!latest$|\d+$)[A-Za-z0-9][\w-]{0,127}$/,
  invoke,
  begin: beginGemini,
  read: readGeminiLine,
  toolsIn: toolsInGeminiLine,
  conclude,
  // It leaves at either signal, with exit code 0 and without a result; its tool stays for the sweep.
  stop: [
    { signal: "SIGTERM", graceMs: 5_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "line",
  outputs: [],
  sessions: geminiSessions,
  login: [],
  signedInBy: {
    variables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    files: [".gemini/oauth_creds.json"],
  },
  keeps: () => [".gemini"],
};

/** Any of these in the profile's own arguments means that it has taken permissions into its own hands. */
const PERMISSION_FLAGS = ["--approval-mode", "--yolo", "-y", "--allowed-tools", "--policy", "--admin-policy"];

const MODES: Readonly<Record<Permissions, string>> = {
  full: "yolo",
  // Changes of files pass, and what nobody can be asked about is refused, commands among it.
  workspace: "auto_edit",
  read_only: "plan",
};

/** Servers of the profile are not in it; see above. */
function invoke({ profile, session, promptFile, outsideFolder }: InvocationContext): Invocation {
  const managed = hasFlag(profile.args, PERMISSION_FLAGS);
  const argv = [
    profile.program ?? "gemini",
    // It would refuse a folder that nobody has called trusted, and ask nobody.
    ...["--output-format", "stream-json", "--skip-trust"],
    // Its tools read the worktree, and folders that it is told of.
    `--include-directories=${outsideFolder}`,
    ...(managed ? [] : ["--approval-mode", MODES[profile.permissions]]),
    ...option("--model", profile.model),
    ...option("--resume", session),
    ...profile.args,
  ];
  // Else a wrapper starts it again as its own child, and ignores the signals that are meant for both.
  return { argv, env: { GEMINI_CLI_NO_RELAUNCH: "true" }, stdin: promptFile, files: {} };
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = judgeEnd(transcript, ending);
  const { usage, session } = transcript;
  return { terminal: withReset(terminal, ending.endedAt), usage, session };
}

function judgeEnd(transcript: Transcript, ending: Ending): Terminal {
  const { terminal } = transcript;
  if (terminal === null) return judgeSilentEnd(transcript, ending);
  if (terminal.ok || terminal.failure !== "agent_error") return terminal;
  return { ...terminal, failure: classOfExit(ending) ?? "agent_error" };
}

function judgeSilentEnd(transcript: Transcript, ending: Ending): Terminal {
  const { exitCode, stderrTail } = ending;
  const waited = waitedFor(stderrTail, hasWorked(transcript));
  if (waited !== null && transcript.openTools === 0 && ending.signal === null) return waited;
  const byExit = judgeExit(ending);
  if (byExit === null) {
    return transcript.lines === 0 && transcript.unknownLines > 0
      ? failed("agent_error", "gemini wrote something else than a transcript")
      : failed("interrupted", "gemini left without a result, as it does when somebody else ends it");
  }
  if (LOST_SESSION.test(stderrTail)) return { ...byExit, failure: "invalid_session" };
  return exitCode === null ? byExit : { ...byExit, failure: classOfExit(ending) ?? byExit.failure };
}

/** Printed by `--resume` with an id that is not on this disk, or in a folder that it knows no session of. */
const LOST_SESSION = /^Error resuming session: /m;
