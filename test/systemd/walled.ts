/** Agents in a sandbox under the unit as it is shipped: it can be made there, and outlives the daemon as they do. */

import assert from "node:assert/strict";
import { finish, startAgent } from "./agent.ts";
import type { Service } from "./service.ts";

const RESTARTS = 3;
/** Inside, the first process is bubblewrap, and the next one becomes the agent. */
const PID_INSIDE = 2;

interface Status {
  readonly isolation: { readonly level: string; readonly reason: string | null };
}

export async function walled(service: Service): Promise<string> {
  const { machine } = service;
  await service.configure(2, "sandbox");
  await machine.sh("systemctl restart chargehand.service");
  const { isolation } = await service.until("it tells its walls", () => service.api<Status>("/status"));
  assert.deepEqual([isolation.level, isolation.reason], ["sandbox", null]);

  const agent = await startAgent(service, 8);
  const same = async (): Promise<void> => {
    const run = await service.until("the daemon answers", () => service.run("SHOP-8"));
    assert.deepEqual([run.id, run.pid, run.status], [agent.id, agent.pid, "running"]);
  };
  for (let round = 0; round < RESTARTS; round++) {
    await machine.sh("systemctl restart chargehand.service");
    await same();
  }
  const before = await service.property("MainPID");
  await machine.sh("systemctl kill --kill-who=main --signal=SIGKILL chargehand.service");
  await service.until("there is another daemon", async () => {
    const now = await service.property("MainPID");
    return now !== before && now !== "0" && (await service.property("ActiveState")) === "active";
  });
  await same();
  assert.equal(await machine.sh(`cat /proc/${agent.pid}/comm`), "bwrap");
  const lines = await finish(service, agent, 8, PID_INSIDE);

  await service.configure(2);
  await machine.sh("systemctl restart chargehand.service");
  return `${RESTARTS} restarts and a kill, ${lines} lines, bubblewrap ${agent.pid} throughout`;
}
