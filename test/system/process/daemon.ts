/**
 * A daemon of a few lines, to be killed, frozen, or left to end, with an agent at its gate or past it.
 *
 * Usage: `node daemon.ts gate|go RUN_DIRECTORY WORKTREE MARK PROGRAM [ARGUMENT…]`. It tells the agent's identity as one
 * line of JSON. With `gate` it then waits for ever; with `go` it opens the gate and does nothing more.
 */

import { systemClock } from "../../../system/clock.ts";
import { systemProcesses } from "../../../system/process/linux.ts";

const [mode, directory = "", cwd = "", mark = "", ...argv] = process.argv.slice(2);
const [name = "", value = ""] = mark.split("=");
const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", [name]: value };
const clock = systemClock();

const result = await systemProcesses(clock).launch("test", { argv, cwd, env, directory, stdin: null });
if (result.kind === "failed") throw new Error(result.reason);
process.stdout.write(`${JSON.stringify(result.launched.identity)}\n`);
if (mode === "go") result.launched.release();
else await clock.sleep(600_000);
