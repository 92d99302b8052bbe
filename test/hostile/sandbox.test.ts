/** Hostile agents in sandboxes: all that is tried without walls, and to reach the daemon and its neighbours. */

import { NO_SANDBOX } from "../agents/sandbox/walled.ts";
import { testMode } from "./held.ts";

testMode("sandbox", NO_SANDBOX);
