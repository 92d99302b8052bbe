/**
 * Claude Code as a backend: its command line, its stop sequence, and what an exit without a last word means.
 *
 * The transcript is read in `claude-dialect.ts`, failures are named in `claude-failure.ts`.
 *
 * Not done here: `IS_SANDBOX=1`, which would let the program skip its refusal to run without permissions as root. It
 * is a statement about the machine that only its owner can make; a profile that runs in a container as root names it
 * in `env`. Without it such a run fails at once as `policy`, with the program's own words.
 */

import type {
  Backend,
  Conclusion,
  Ending,
  Invocation,
  InvocationContext,
  Terminal,
  Transcript,
} from "./backend.ts";
import { CLAUDE_EMPTY, readClaudeLine } from "./claude-dialect.ts";
import { LOST_SESSION } from "./claude-failure.ts";
import { failed, judgeExit } from "./exit.ts";

export const claude: Backend = {
  name: "claude",
  invoke,
  empty: CLAUDE_EMPTY,
  read: readClaudeLine,
  conclude,
  // SIGINT makes it print a result with the usage so far; SIGTERM only ends its tools; SIGKILL leaves them running.
  stop: [
    { signal: "SIGINT", graceMs: 5_000 },
    { signal: "SIGTERM", graceMs: 10_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
};

/** Any of these in the profile's own arguments means that it has taken permissions into its own hands. */
const PERMISSION_FLAGS = [
  "--permission-mode",
  "--dangerously-skip-permissions",
  "--allowedTools",
  "--allowed-tools",
  "--permission-prompt-tool",
  "--restricted",
];

const ENVIRONMENT = {
  // No telemetry, no update of a program under a running agent.
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  // Its own ten retries take three minutes even for a wrong key. Waiting is decided here, where it can be seen.
  CLAUDE_CODE_MAX_RETRIES: "2",
};

function invoke(context: InvocationContext): Invocation {
  const { profile, session, promptFile } = context;
  const managed = profile.args.some((arg) => PERMISSION_FLAGS.includes(arg.split("=", 1)[0] ?? arg));
  const argv = [
    profile.program ?? "claude",
    ...["-p", "--output-format", "stream-json", "--verbose"],
    ...(profile.model === null ? [] : ["--model", profile.model]),
    ...(profile.effort === null ? [] : ["--effort", profile.effort]),
    ...(managed ? [] : ["--dangerously-skip-permissions"]),
    ...(session === null ? [] : ["--resume", session]),
    ...profile.args,
  ];
  return { argv, env: ENVIRONMENT, stdin: promptFile };
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = transcript.terminal ?? judgeSilentEnd(ending);
  return { terminal, usage: transcript.usage, session: transcript.session };
}

/** It ended without a `result` line, so its own last word can only stand on stderr. */
function judgeSilentEnd(ending: Ending): Terminal {
  const { stderrTail } = ending;
  const byExit = judgeExit(ending);
  if (byExit === null) return failed("agent_error", "claude exited without a result");
  if (LOST_SESSION.test(stderrTail)) return { ...byExit, failure: "invalid_session" };
  if (ROOT_REFUSAL.test(stderrTail)) return { ...byExit, failure: "policy" };
  return byExit;
}

const ROOT_REFUSAL = /cannot be used with root\/sudo privileges/;
