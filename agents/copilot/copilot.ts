/**
 * GitHub Copilot CLI as a backend: its command line, its stop sequence, its file of usage, and what an exit without a
 * last word means. Recorded with version 1.0.102, with a model service of one's own. The transcript is read in
 * `dialect.ts`, failures are named in `failure.ts`, its record of a session in `session.ts`.
 *
 * L1. `program` has to be its native binary (`@github/copilot-linux-x64/copilot`). The loader that npm links as
 *     `copilot` exits of a signal by itself, before its child has written its last lines.
 * L2. The file of usage tells the total of the session, per model, over all resumed runs. It is written at every end
 *     but SIGKILL. Its record of the session has the calls one by one, and comes first; the file counts if it knows of
 *     more.
 * L3. Costs are told in credits of its own and never in money; our list decides.
 *
 * Not done here: what a subscription charges besides tokens (premium requests), for which there is no figure in money.
 */

import type { Permissions } from "../../workflow/project.ts";
import type { Usage } from "../../workflow/run.ts";
import { option, SESSION_NAME } from "../argument.ts";
import type { Backend, Conclusion, Ending, Invocation, InvocationContext, Transcript } from "../backend.ts";
import { isFields, objectAt, parseFields } from "../dialect/fields.ts";
import { sinceBaseline } from "../dialect/since-baseline.ts";
import { judgeExit } from "../exit.ts";
import { hasFlag } from "../flags.ts";
import { MCP_FILE, mcpFile } from "../mcp-file.ts";
import { withReset } from "../reset.ts";
import { runFolder } from "../supervision/run-folder.ts";
import { failed, type Terminal } from "../terminal.ts";
import { addUsage, allInput } from "../usage.ts";
import { beginCopilot, notesOf, readCopilotLine, sessionOf, toolsInCopilotLine } from "./dialect.ts";
import { copilotFigures, copilotSessions } from "./session.ts";

const USAGE_FILE = "copilot-usage.json";

export const copilot: Backend = {
  name: "copilot",
  commandLine: "own",
  lacks: {},
  outsideText: "prompt",
  sessionName: SESSION_NAME,
  invoke,
  begin: beginCopilot,
  read: readCopilotLine,
  toolsIn: toolsInCopilotLine,
  conclude,
  // Both of the first make it end its tool and write its file of usage; SIGKILL leaves the tool running.
  stop: [
    { signal: "SIGINT", graceMs: 5_000 },
    { signal: "SIGTERM", graceMs: 5_000 },
    { signal: "SIGKILL", graceMs: 2_000 },
  ],
  lastWord: "line",
  outputs: [USAGE_FILE],
  sessions: copilotSessions,
  login: ["login"],
  signedInBy: {
    variables: ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN", "COPILOT_PROVIDER_API_KEY"],
    files: [".copilot/config.json"],
  },
  keeps: () => [".copilot"],
};

/** Any of these in the profile's own arguments means that it has taken permissions into its own hands. */
const PERMISSION_FLAGS = [
  ...["--allow-all", "--yolo", "--allow-all-tools", "--allow-all-paths", "--allow-all-urls"],
  ...["--allow-tool", "--deny-tool", "--available-tools", "--excluded-tools", "--assisted-approval"],
];

const PERMISSIONS: Readonly<Record<Permissions, readonly string[]>> = {
  full: ["--allow-all"],
  // A shell can do everything, so it is refused; so is whatever nobody can be asked about.
  workspace: ["--allow-tool=write", "--deny-tool=shell"],
  read_only: ["--deny-tool=write", "--deny-tool=shell"],
};

function invoke(context: InvocationContext): Invocation {
  const { run, profile, session, promptFile, directory } = context;
  const managed = hasFlag(profile.args, PERMISSION_FLAGS);
  const servers = profile.permissions === "full" ? [] : Object.keys(profile.mcp);
  const hasServers = Object.keys(profile.mcp).length > 0;
  const argv = [
    profile.program ?? "copilot",
    ...["--output-format", "json", "--no-ask-user", "--no-auto-update", "--disable-client-telemetry"],
    ...["--usage-output-file", `${runFolder(directory).out}/${USAGE_FILE}`],
    ...(managed ? [] : [...PERMISSIONS[profile.permissions], ...servers.map(allowing)]),
    ...option("--model", profile.model),
    ...option("--reasoning-effort", profile.effort),
    ...(hasServers ? [`--additional-mcp-config=@${directory}/${MCP_FILE}`] : []),
    session === null ? `--session-id=${sessionOf(run)}` : `--resume=${session}`,
    ...profile.args,
  ];
  const files = hasServers ? { [MCP_FILE]: mcpFile(profile.mcp) } : {};
  return { argv, env: { COPILOT_AUTO_UPDATE: "false" }, stdin: promptFile, files };
}

/** Whoever names a server in a profile wants it used. */
function allowing(server: string): string {
  return `--allow-tool=${server}`;
}

function conclude(transcript: Transcript, ending: Ending): Conclusion {
  const terminal = withReset(transcript.terminal ?? judgeSilentEnd(transcript, ending), ending.endedAt);
  const told = usageIn(ending.outputs[USAGE_FILE] ?? "", notesOf(transcript).before);
  const usage = inputOf(told) > inputOf(transcript.usage) ? told : transcript.usage;
  return { terminal, usage, session: transcript.session };
}

function judgeSilentEnd(transcript: Transcript, ending: Ending): Terminal {
  const { aborted, error } = notesOf(transcript);
  const byExit = judgeExit(ending);
  if (aborted) return failed("interrupted", "somebody else ended the agent");
  if (byExit === null) return error ?? failed("agent_error", "copilot exited without a result");
  if (LOST_SESSION.test(ending.stderrTail))
    return failed("invalid_session", "copilot has no session of this name to resume");
  return byExit.failure === "agent_error" && error !== null ? error : byExit;
}

/** Printed by `--resume` with an id that is not on this disk. */
const LOST_SESSION = /No session, task, or name matched/;

/** L2. */
function usageIn(text: string, before: readonly Usage[]): readonly Usage[] {
  const metrics = Object.entries(objectAt(parseFields(text) ?? {}, "modelMetrics") ?? {});
  const rows = metrics.flatMap(([model, metric]) => {
    const usage = isFields(metric) ? objectAt(metric, "usage") : null;
    const earlier = before.filter((row) => row.model === model);
    return usage === null ? [] : [sinceBaseline(copilotFigures(usage, model), earlier)];
  });
  return addUsage([], rows);
}

function inputOf(usage: readonly Usage[]): number {
  return usage.reduce((sum, row) => sum + allInput(row), 0);
}
