/** How much may work at once: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  {
    line: 1,
    text: "+limits: { memory_floor: plenty }",
    path: "limits.memory_floor",
    says: /must be a size/,
    at: 2,
  },
  { line: 1, text: "+limits: { concurrency: 0 }", path: "limits.concurrency", says: /at least 1/, at: 2 },
  {
    line: 1,
    text: "+limits: { concurrency: 1.5 }",
    path: "limits.concurrency",
    says: /a whole number/,
    at: 2,
  },
]);
