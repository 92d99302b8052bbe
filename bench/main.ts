/**
 * `npm run bench -- NAME`: figures for a person, as ratios against something measured in the same run on the same
 * machine. Nothing here is a test; absolute times belong to this machine and this hour.
 */

import { claimBench } from "./claim.ts";
import { idleBench } from "./idle.ts";
import { ingestBench } from "./ingest.ts";
import { latencyBench } from "./latency.ts";
import { superviseBench } from "./supervise.ts";

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  claim: claimBench,
  idle: idleBench,
  ingest: ingestBench,
  latency: latencyBench,
  supervise: superviseBench,
};

const names = process.argv.slice(2);
const unknown = names.find((name) => BENCHES[name] === undefined);
if (unknown !== undefined) {
  process.stderr.write(
    `there is no benchmark '${unknown}'; choose from ${Object.keys(BENCHES).join(", ")}\n`,
  );
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  process.stdout.write(`\n== ${name}\n`);
  await BENCHES[name]?.();
}
