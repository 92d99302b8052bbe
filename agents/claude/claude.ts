/**
 * Claude Code as a backend: its command line, its stop sequence, and what an exit without a last word means.
 *
 * The transcript is read in `dialect.ts`, failures are named in `failure.ts`, and its own record of a
 * session is read in `session.ts`.
 *
 * L1. It attaches every file that its prompt names behind an `@`, wherever the file lies and whatever the permissions:
 *     text from outside is never in its prompt. It may read the folder of that text, outside of the worktree.
 *
 * `IS_SANDBOX=1` lets the program skip its refusal to run without permissions as root. It is said where our own walls
 * stand around it. Without them it is a statement about the machine that only its owner can make; a profile that runs
 * in a container as root names it in `env`. Otherwise such a run fails at once as `policy`, with the program's words.
 */

import type { Permissions } from "../../workflow/project.ts";
import { option, SESSION_NAME } from "../argument.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { toolsInBlocks } from "../dialect/tools.ts";
import { judgeExit } from "../exit.ts";
import { hasFlag } from "../flags.ts";
import { MCP_FILE, mcpFile } from "../mcp-file.ts";
import { failed, type Terminal } from "../terminal.ts";
import { CLAUDE_EMPTY, readClaudeLine } from "./dialect.ts";
import { LOST_SESSION } from "./failure.ts";
import { claudeSessions, folderOf } from "./session.ts";

export const claude: Backend = {
  name: "claude",
  commandLine: "own",
  lacks: {},
  outsideText: "file",
  sessionName: SESSION_NAME,
  invoke,
  begin: () => CLAUDE_EMPTY,
  read: readClaudeLine,
  toolsIn: toolsInBlocks,
  conclude,
  // SIGINT makes it print a result with the usage so far; SIGTERM only ends its tools; SIGKILL leaves them running.
  stop: [
    { signal: "SIGINT", graceMs: 5_000 },
    { signal: "SIGTERM", graceMs: 10_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "line",
  outputs: [],
  sessions: claudeSessions,
  reports: ["5h", "week"],
  login: ["auth", "login"],
  signedInBy: {
    variables: [
      "ANTHROPIC_API_KEY",
      "ANTHROPIC_AUTH_TOKEN",
      "CLAUDE_CODE_OAUTH_TOKEN",
      "CLAUDE_CODE_USE_BEDROCK",
      "CLAUDE_CODE_USE_VERTEX",
    ],
    files: ["$CLAUDE_CONFIG_DIR/.credentials.json", ".claude/.credentials.json"],
  },
  keeps: (worktrees) => [
    ...[".claude.json", ".claude/.credentials.json", ".claude/settings.json", ".claude/CLAUDE.md"],
    ...[".claude/agents", ".claude/commands", ".claude/skills", ".claude/plugins"],
    // Of its sessions those of tasks, and no person's.
    `.claude/projects/${folderOf(worktrees)}-*`,
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

const PERMISSIONS: Readonly<Record<Permissions, readonly string[]>> = {
  full: ["--dangerously-skip-permissions"],
  // Changes of files pass; what nobody can be asked about is refused, most commands among it.
  workspace: ["--permission-mode", "acceptEdits"],
  read_only: ["--permission-mode", "plan"],
};

const ENVIRONMENT = {
  // No telemetry, no update of a program under a running agent.
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  // Its own ten retries take three minutes even for a wrong key. Waiting is decided here, where it can be seen.
  CLAUDE_CODE_MAX_RETRIES: "2",
};

function invoke(context: InvocationContext): Invocation {
  const { profile, session, promptFile, outsideFolder, directory } = context;
  const managed = hasFlag(profile.args, PERMISSION_FLAGS);
  const hasServers = Object.keys(profile.mcp).length > 0;
  const argv = [
    profile.program ?? "claude",
    ...["-p", "--output-format", "stream-json", "--verbose"],
    ...option("--model", profile.model),
    ...option("--effort", profile.effort),
    ...(managed ? [] : PERMISSIONS[profile.permissions]),
    `--add-dir=${outsideFolder}`,
    // Strictly these: servers that a repository names would be started with the agent's environment.
    ...(hasServers ? [`--mcp-config=${directory}/${MCP_FILE}`, "--strict-mcp-config"] : []),
    ...option("--resume", session),
    ...profile.args,
  ];
  const files = hasServers ? { [MCP_FILE]: mcpFile(profile.mcp) } : {};
  const env = context.walled ? { ...ENVIRONMENT, IS_SANDBOX: "1" } : ENVIRONMENT;
  return { argv, env, stdin: promptFile, files };
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = transcript.terminal ?? judgeSilentEnd(transcript, ending);
  return { terminal, usage: transcript.usage, session: transcript.session };
}

/** It ended without a `result` line, so its own last word can only stand on stderr. */
function judgeSilentEnd(transcript: Transcript, ending: Ending): Terminal {
  const { stderrTail } = ending;
  const byExit = judgeExit(ending);
  // In the middle of its work it exits with 0 only for a SIGINT, and that one it obeys too fast now and then to say so.
  if (byExit === null && transcript.session !== null)
    return failed(
      "interrupted",
      "claude ended in the middle of its work, as it does when somebody interrupts it",
    );
  if (byExit === null) return failed("agent_error", "claude exited without a result");
  if (LOST_SESSION.test(stderrTail)) return { ...byExit, failure: "invalid_session" };
  if (ROOT_REFUSAL.test(stderrTail)) return { ...byExit, failure: "policy" };
  return byExit;
}

const ROOT_REFUSAL = /cannot be used with root\/sudo privileges/;
