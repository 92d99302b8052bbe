/** A daemon that cannot isolate its agents as it was told says so, and what to do. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { loadConfig } from "../../daemon/config/load.ts";
import { startDaemon } from "../../daemon/main.ts";
import { nullLog } from "../../system/log.ts";

test("B6: isolation: scope without a service manager refuses to start, and leaves the data directory free", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-isolation-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "chargehand.yaml");
  const start = async (isolation: string): ReturnType<typeof startDaemon> => {
    writeFileSync(
      path,
      `data_dir: data\nserver: { webhooks: { port: 0 }, admin: { port: 0 } }\n${isolation}\n`,
    );
    const env = { PATH: folder };
    const loaded = await loadConfig({ path, env });
    assert.ok(loaded.kind === "ok");
    return startDaemon({ config: loaded.config, version: "test", env }, nullLog());
  };
  writeFileSync(join(folder, "systemd-run"), "#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n", {
    mode: 0o755,
  });
  const refused = await start("isolation: scope");
  assert.ok(refused.kind === "failed");
  assert.match(
    refused.reason,
    /^isolation: scope needs a service manager .*Failed to connect to bus; `loginctl enable-linger`/,
  );
  const started = await start("isolation: none");
  assert.ok(started.kind === "running", started.kind === "failed" ? started.reason : "");
  await started.daemon.stop();
});
