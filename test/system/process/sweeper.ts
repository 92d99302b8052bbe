/** A process that sweeps what carries the same mark as itself. Usage: `node sweeper.ts MARK DIRECTORY`. */

import { systemClock } from "../../../system/clock.ts";
import { systemProcesses } from "../../../system/process/linux.ts";

const [mark = "", directory = ""] = process.argv.slice(2);
const killed = await systemProcesses(systemClock()).sweep("test", mark, directory);
process.stdout.write(`${killed}\n`);
