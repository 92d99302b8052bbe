/** Hostile agents without walls: files and git of theirs are still nothing that the daemon obeys. */

import { testMode } from "./held.ts";

testMode("none", false);
