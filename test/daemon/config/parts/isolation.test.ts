/** What stands around each agent: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  {
    line: 1,
    text: "+limits: { run: { memory: 1GiB } }",
    path: "limits.run",
    says: /needs isolation: scope/,
    at: 2,
  },
  {
    line: 1,
    text: "+limits: { run: { memory: 1MiB } }\nisolation: scope",
    path: "limits.run.memory",
    says: /at least 64MiB/,
    at: 2,
  },
  { line: 1, text: "+isolation: chroot", path: "isolation", says: /must be one of none, scope/, at: 2 },
]);
