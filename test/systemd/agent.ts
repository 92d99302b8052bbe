/** An agent that counts, from the delivery that asks for it to its conclusion. */

import assert from "node:assert/strict";
import { deliver } from "./sender.ts";
import { DATA, type Run, type Service } from "./service.ts";

/** Has an agent work on issue `number`, and waits until it counts. */
export async function startAgent(service: Service, number: number): Promise<Run & { readonly pid: number }> {
  const key = `SHOP-${number}`;
  const { status, trouble } = await deliver(service.port, number, true);
  assert.deepEqual([status, trouble], [202, null]);
  return service.until(`${key} is counting`, async () => {
    await service.machine.sh(`test -s ${DATA}/tmp/${key}.count`);
    const run = await service.run(key);
    return run?.status === "running" && run.pid !== null ? { ...run, pid: run.pid } : null;
  });
}

/**
 * Lets it end, and checks that it was one process, one run, with all its output and what it has used.
 *
 * @param ownPid by which it knows itself; behind walls that is another than the one on record
 */
export async function finish(
  service: Service,
  agent: Run & { readonly pid: number },
  number: number,
  ownPid: number = agent.pid,
): Promise<number> {
  const key = `SHOP-${number}`;
  await service.machine.sh(`touch ${DATA}/tmp/${key}.go`);
  const over = await service.until(`${key} is over`, async () => {
    const run = await service.run(key);
    return run !== null && !["starting", "running", "exited"].includes(run.status) ? run : null;
  });
  assert.deepEqual(
    [
      over.id,
      over.pid,
      over.status,
      over.input_tokens,
      over.output_tokens,
      over.cache_read_tokens,
      over.cost_usd,
    ],
    [agent.id, agent.pid, "succeeded", 1_200, 34, 560, 0.0123],
  );
  assert.equal(await service.machine.sh(`cat ${DATA}/tmp/${key}.starts`), String(ownPid));
  const lines = (await service.machine.sh(`cat ${DATA}/runs/${agent.id}/stdout.log`)).split("\n");
  const last = lines.length - 1;
  assert.deepEqual(lines, [
    ...Array.from({ length: last }, (_, index) => `line ${index + 1}`),
    `end ${last}`,
  ]);
  return lines.length;
}
