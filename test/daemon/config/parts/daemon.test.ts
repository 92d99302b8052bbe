/** How the daemon behaves: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  { line: 1, text: "+shutdown: leave", path: "shutdown", says: /one of detach, drain, stop/, at: 2 },
  { line: 1, text: "+log_level: verbose", path: "log_level", says: /one of debug, info, warn, error/, at: 2 },
]);
