/**
 * Loaded into every test process: ends it when it hangs, because the runner's own timeout is a test's, and a test
 * file may hang after its last test on a handle that nobody closed.
 */

import { FILE_MS } from "./limits.ts";

setTimeout(() => {
  process.stderr.write(
    `still running after ${FILE_MS / 1_000} s; open: ${process.getActiveResourcesInfo().join(", ")}\n`,
  );
  process.exit(1);
}, FILE_MS).unref();
