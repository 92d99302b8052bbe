/**
 * `npm run test:systemd [-- NAME…]`: Chargehand under a real systemd, in a container that is booted for it.
 *
 * No part of `npm test`: it takes root, namespaces, and a small Debian that is downloaded once. Where the machine
 * cannot do it, it says why, and ends with 0; with `--must` it ends with 1. Names choose checks by parts of them.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHECKS } from "./checks.ts";
import { obstacle, prepare, reserve } from "./machine.ts";
import { freePort, Service } from "./service.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { must: { type: "boolean", default: false } },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const cannot = obstacle();
const lock = cannot === null ? reserve() : null;
const reason = lock?.kind === "taken" ? "another one is running on this machine" : cannot;
if (reason === null) process.exitCode = (await work()) ? 0 : 1;
else {
  say(`skipped: ${reason}`);
  process.exitCode = values.must ? 1 : 0;
}

/** True when every chosen check has passed. */
async function work(): Promise<boolean> {
  prepare(say);
  const folder = mkdtempSync(join(tmpdir(), "chargehand-systemd-"));
  const service = new Service(folder, await freePort());
  const interrupted = (): void => void service.machine.close().finally(() => process.exit(130));
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  const isChosen = (name: string): boolean => positionals.some((part) => name.includes(part));
  const chosen = CHECKS.filter(({ name }) => positionals.length === 0 || isChosen(name));
  let failed = 0;
  try {
    await service.machine.booted();
    await service.install();
    say(await service.machine.sh("systemctl --version | head -1; node --version; uname -sr"));
    for (const { name, run } of chosen) {
      const outcome = await run(service).catch((error: unknown) => error);
      if (typeof outcome === "string") say(`ok      ${name}: ${outcome}`);
      else {
        failed += 1;
        say(`FAILED  ${name}: ${outcome instanceof Error ? (outcome.stack ?? outcome.message) : outcome}`);
      }
    }
    if (failed > 0) say(`the journal's end:\n${(await service.journal()).slice(-8_000)}`);
  } finally {
    await service.machine.close();
    rmSync(folder, { recursive: true, force: true });
  }
  say(failed === 0 ? `${chosen.length} checks passed` : `${failed} of ${chosen.length} checks failed`);
  return failed === 0 && chosen.length > 0;
}
