/** `isolation: scope`, set up as `docs/systemd.md` says: what it needs, what an agent gets, and that it ends. */

import assert from "node:assert/strict";
import { finish, startAgent } from "./agent.ts";
import type { Service } from "./service.ts";

const EXPOSURE_MAX = 4.0;
const STRAY = "/bin/sleep 86400";

export async function scoped(service: Service): Promise<string> {
  const { machine } = service;
  await service.configure(2, "scope");
  await machine.run("systemctl", "restart", "chargehand.service");
  await service.until("it says what is missing", async () =>
    (await service.journal()).includes("isolation: scope needs a service manager of the daemon's user"),
  );
  await machine.sh(`
    cp /opt/chargehand/systemd/chargehand-scope.conf /etc/systemd/system/chargehand.service.d/scope.conf
    loginctl enable-linger chargehand
    systemctl daemon-reload`);
  await machine.sh("systemctl restart chargehand.service");

  const agent = await startAgent(service, 7);
  const unit = `chargehand-${agent.id}.scope`;
  const group = await machine.sh(`tail -1 /proc/${agent.pid}/cgroup`);
  assert.match(group, new RegExp(`/user@\\d+\\.service/chargehand\\.slice/${unit}$`));
  const shown = "MemoryMax,MemorySwapMax,TasksMax,CPUQuotaPerSecUSec";
  assert.equal(
    await asUser(service, `systemctl --user show --property=${shown} ${unit} | sort`),
    "CPUQuotaPerSecUSec=1.500000s\nMemoryMax=536870912\nMemorySwapMax=0\nTasksMax=64",
  );
  assert.match(await machine.sh(`cat /proc/${agent.pid}/status`), /^NoNewPrivs:\t1$/m);

  await machine.sh("systemctl restart chargehand.service");
  await machine.sh(`pgrep --full --exact '${STRAY}'`);
  await finish(service, agent, 7);
  await service.until("the stray is gone", async () => {
    const { code } = await machine.run("pgrep", "--full", "--exact", STRAY);
    return code === 1;
  });
  assert.equal(
    await asUser(service, `systemctl --user show --value --property=LoadState ${unit}`),
    "not-found",
  );
  return `exposure ${await exposure(service)}`;
}

function asUser({ machine }: Service, command: string): Promise<string> {
  const user = 'XDG_RUNTIME_DIR="/run/user/$(id -u chargehand)"';
  return machine.sh(`cd / && runuser -u chargehand -- env ${user} sh -c '${command}'`);
}

/** Of the service as it runs, with its drop-ins. */
async function exposure({ machine }: Service): Promise<number> {
  const judged = await machine.sh("systemd-analyze security --no-pager chargehand.service | tail -1");
  const found = Number(/([\d.]+)\s+\w+/.exec(judged.slice(judged.indexOf(":")))?.[1]);
  assert.ok(found <= EXPOSURE_MAX, judged);
  return found;
}
