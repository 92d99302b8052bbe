/** What tests of backends begin with: a plain profile, what is known of a new run, and an end that says nothing. */

import type { Backend, Beginning, Ending, Invocation } from "../../agents/backend.ts";
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
};

/** Text that would do harm in a shell. */
export const PROMPT = "; rm -rf /";

/** The command line of a run in `/run`. */
export function invoke(
  backend: Backend,
  profile: Partial<AgentProfile> = {},
  session: string | null = null,
  promptText: string = PROMPT,
): Invocation {
  return backend.invoke({
    run: "r1",
    profile: { ...PROFILE, ...profile },
    session,
    promptFile: "/run/prompt.md",
    walled: false,
    promptText,
    outsideFolder: "/run/asked",
    directory: "/run",
  });
}
