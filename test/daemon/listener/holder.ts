/**
 * Plays systemd with a socket unit: opens a socket, and starts one daemon after the other on it. Nobody accepts while
 * none runs, because this process does nothing but wait for the daemon it started.
 *
 * Usage: `node holder.ts FOLDER NAME PROGRAM [ARGUMENT…]`. The port is written to `FOLDER/port`, the end of each
 * daemon to `FOLDER/ends`; between two of them it waits as long as `FOLDER/hold` is there.
 */

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

const [folder = "", name = "", ...command] = process.argv.slice(2);
/** The shell becomes the daemon, which thereby has the pid that the variable names. */
const HAND_OVER = 'LISTEN_PID=$$ exec "$@"';

interface Handle {
  readonly fd: number;
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const bound = server.address();
  const { fd } = Reflect.get(server, "_handle") as Handle;
  writeFileSync(`${folder}/port`, String(typeof bound === "object" && bound !== null ? bound.port : 0));
  while (!existsSync(`${folder}/over`)) {
    if (existsSync(`${folder}/hold`)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      continue;
    }
    const { status, signal } = spawnSync("/bin/sh", ["-c", HAND_OVER, "sh", ...command], {
      stdio: ["ignore", "ignore", "inherit", fd],
      env: { ...process.env, LISTEN_FDS: "1", LISTEN_FDNAMES: name },
    });
    appendFileSync(`${folder}/ends`, `${status ?? signal}\n`);
  }
  process.exit(0);
});
