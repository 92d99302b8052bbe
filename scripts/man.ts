/** `npm run man`: writes `man/chargehand.1` from what the commands say of themselves. A test says when it is due. */

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Ports } from "../cli/ports.ts";
import { EXIT_CODES, wholeProgram } from "../cli/program.ts";
import { manualPage } from "../cli/shell/man.ts";
import { treeOf } from "../cli/shell/tree.ts";
import { systemClock } from "../system/clock.ts";

// Nothing is run, so nothing of the world is needed.
const program = await wholeProgram({ clock: systemClock() } as Ports);
const page = manualPage(treeOf(program), EXIT_CODES);
writeFileSync(resolve(import.meta.dirname, "../man/chargehand.1"), page);
