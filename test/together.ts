/** The pure tests in one process: `test/run.ts` names the files, one a line. */

import { resolve } from "node:path";

for (const file of (process.env["CHARGEHAND_TOGETHER"] ?? "").split("\n")) {
  if (file !== "") await import(resolve(file));
}
