/** What tests of backends begin with: a plain profile, what is known of a new run, and an end that says nothing. */

import type { Backend, Beginning, Ending, Invocation, InvocationContext } from "../../agents/backend.ts";
import type { AgentProfile } from "../../workflow/project.ts";

export const PROFILE: AgentProfile = {
  name: "developer",
  backend: "claude",
  program: null,
  argv: [],
  prompt: "stdin",
  model: null,
  effort: null,
  permissions: "full",
  network: "open",
  mounts: [],
  mcp: {},
  args: [],
  timeoutMs: 60_000,
  maxAttempts: 2,
  env: [],
  accounts: [],
  fallback: null,
  projects: null,
  forgeAccount: null,
  git: { name: "Chargehand agent (developer)", email: "chargehand@localhost" },
};

/** A new session of the model that the program has by default. */
export const NEW_RUN: Beginning = { model: null, resumed: false, baseline: [] };

/** An exit that nobody knows anything of. */
export const SILENT_END: Ending = {
  exitCode: null,
  signal: null,
  endedAt: 0,
  stderrTail: "",
  outputs: {},
  violation: null,
  setup: null,
};

/** Text that would do harm in a shell. */
export const PROMPT = "; rm -rf /";

/** A run in `/run`, without walls. */
export const CONTEXT: InvocationContext = {
  run: "r1",
  profile: PROFILE,
  session: null,
  promptFile: "/run/prompt.md",
  walled: false,
  promptText: PROMPT,
  outsideFolder: "/run/asked",
  directory: "/run",
};

/** Its command line. */
export function invoke(
  backend: Backend,
  profile: Partial<AgentProfile> = {},
  session: string | null = null,
  promptText: string = PROMPT,
): Invocation {
  return backend.invoke({ ...CONTEXT, profile: { ...PROFILE, ...profile }, session, promptText });
}
