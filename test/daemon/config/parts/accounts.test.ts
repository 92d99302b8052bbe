/** Accounts: what is refused. */

import { refusesAlone } from "../refusals.ts";

refusesAlone([
  [
    "accounts: { claude: { backend: codex } }\n",
    /^accounts\.claude\.backend: must be claude, because agents that name no account/,
  ],
  ["accounts: { x: { backend: cluade } }\n", /^accounts\.x\.backend: must be one of .*did you mean "claude"/],
  ["accounts: { x: {} }\n", /^accounts\.x\.backend: is missing/],
  ["accounts: { x: { backend: claude, enw: {} } }\n", /^accounts\.x\.enw: unknown key; did you mean "env"/],
  [
    "accounts: { x: { backend: claude, env: { A-B: x } } }\n",
    /^accounts\.x\.env\.A-B: the name must be the name of an environment variable/,
  ],
  [
    "accounts: { x: { backend: claude, env: { CHARGEHAND_RUN: x } } }\n",
    /^accounts\.x\.env\.CHARGEHAND_RUN: .*set by the daemon/,
  ],
  [
    "accounts: { x: { backend: claude, env: { A: 1 } } }\n",
    /^accounts\.x\.env\.A: must be text, not a number; put it in quotes/,
  ],
  ["accounts: { x: { backend: claude, concurrency: 0 } }\n", /^accounts\.x\.concurrency: must be at least 1/],
]);
