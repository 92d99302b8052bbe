/** What must hold of the service, one check after the other on the same machine; each answers what it measured. */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { finish, startAgent } from "./agent.ts";
import { scoped } from "./scope.ts";
import { deliver, stream, type Told } from "./sender.ts";
import { CONFIG, DATA, type Service } from "./service.ts";
import { walled } from "./walled.ts";

export interface Check {
  readonly name: string;
  readonly run: (service: Service) => Promise<string>;
}

const RESTARTS = 10;
const RESTART_EVERY_MS = 1_000;
const DELIVERIES = 2_000;
const PER_SECOND = 100;
const WAITING_FEW = 10;
const EXPOSURE_MAX = 4.0;

export const CHECKS: readonly Check[] = [
  { name: "the units are clean, and as closed as agents allow", run: units },
  { name: "it is ready, tells its status, and hands nothing of systemd's to agents", run: ready },
  {
    name: "an agent outlives ten restarts: one process, one run, all output, right tokens and cost",
    run: restarts,
  },
  { name: "2,000 deliveries at 100/s through ten restarts are answered 202", run: deliveries },
  { name: "a daemon that is killed comes back and adopts its agent", run: killed },
  { name: "a daemon that hangs is restarted by the watchdog and adopts its agent", run: frozen },
  { name: "a reload takes effect without a restart", run: reload },
  { name: "a stop leaves agents running, and the next start adopts them", run: stopped },
  { name: "an error in the configuration loses no delivery and does not spin", run: misconfigured },
  { name: "an agent in a sandbox outlives three restarts and a kill", run: walled },
  { name: "isolation: scope gives each run a scope with its limits, which ends with it", run: scoped },
];

async function units({ machine }: Service): Promise<string> {
  const folder = "/etc/systemd/system";
  const verified = await machine.run(
    "systemd-analyze",
    "verify",
    `${folder}/chargehand.service`,
    `${folder}/chargehand.socket`,
  );
  assert.deepEqual(verified, { code: 0, said: "" });
  const unit = "/opt/chargehand/systemd/chargehand.service";
  const judged = await machine.sh(`systemd-analyze security --offline=yes --no-pager ${unit} | tail -1`);
  const exposure = Number(/([\d.]+)\s+\w+/.exec(judged.slice(judged.indexOf(":")))?.[1]);
  assert.ok(exposure <= EXPOSURE_MAX, judged);
  return `exposure ${exposure}`;
}

async function ready(service: Service): Promise<string> {
  const { machine } = service;
  await service.until("it is active", async () => (await service.property("ActiveState")) === "active");
  await service.until("it tells its status", async () =>
    /^\d+ running/.test(await service.property("StatusText")),
  );
  const agent = await startAgent(service, 1);
  const env = await machine.sh("cat /var/lib/chargehand/tmp/SHOP-1.env");
  assert.doesNotMatch(env, /^(LISTEN_|NOTIFY_|WATCHDOG_|CREDENTIALS_|INVOCATION_|JOURNAL_)/m);
  await service.until("the status follows", async () =>
    /^1 running/.test(await service.property("StatusText")),
  );
  await finish(service, agent, 1);
  return (await service.property("StatusText")) || "no status";
}

async function restarts(service: Service): Promise<string> {
  const agent = await startAgent(service, 2);
  const daemons = new Set([await service.property("MainPID")]);
  for (let round = 0; round < RESTARTS; round++) {
    await service.machine.sh("systemctl restart chargehand.service");
    daemons.add(await service.property("MainPID"));
    const seen = await service.run("SHOP-2");
    assert.deepEqual([seen?.id, seen?.pid, seen?.status], [agent.id, agent.pid, "running"]);
  }
  assert.equal(daemons.size, RESTARTS + 1);
  const lines = await finish(service, agent, 2);
  return `${RESTARTS} restarts, ${lines} lines, pid ${agent.pid} throughout`;
}

/** The next restart comes when nobody waits for the last one any more, so that a busy machine only takes longer. */
async function deliveries(service: Service): Promise<string> {
  const before = await answered(service);
  let rounds = 0;
  const isEnough = (sent: number): boolean => sent >= DELIVERIES && rounds === RESTARTS;
  const { over, waiting } = stream(service.port, 10_000, PER_SECOND, isEnough);
  for (; rounds < RESTARTS; rounds++) {
    await pause(RESTART_EVERY_MS);
    await service.until("the queue is served", async () => waiting() < WAITING_FEW);
    await service.machine.sh("systemctl restart chargehand.service");
  }
  const told = await over;
  const times = told.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const at = (share: number): number => Math.round(times[Math.floor(share * (times.length - 1))] ?? 0);
  const measured = `${told.length} sent, answered after ${at(0.5)} ms (median), ${at(1)} ms (longest)`;
  assert.deepEqual(tally(told), { "202": told.length }, measured);
  const stored = await service.until("all are understood", async () => {
    const after = await answered(service);
    return after.open === 0 ? after.all - before.all : null;
  });
  assert.equal(stored, told.length);
  return measured;
}

async function killed(service: Service): Promise<string> {
  const agent = await startAgent(service, 3);
  const before = await service.property("MainPID");
  await service.machine.sh("systemctl kill --kill-who=main --signal=SIGKILL chargehand.service");
  await comesBack(service, before);
  await finish(service, agent, 3);
  return `${await service.property("NRestarts")} restart by systemd`;
}

async function frozen(service: Service): Promise<string> {
  const agent = await startAgent(service, 4);
  const before = await service.property("MainPID");
  const began = performance.now();
  await service.machine.sh(`kill -STOP ${before}`);
  await comesBack(service, before);
  const took = (performance.now() - began) / 1_000;
  assert.match(await service.journal(), /Watchdog timeout/);
  await finish(service, agent, 4);
  return `back after ${took.toFixed(1)} s`;
}

async function reload(service: Service): Promise<string> {
  interface Status {
    readonly config: { readonly loaded_at: string; readonly error: string | null };
  }
  const pid = await service.property("MainPID");
  const loadedAt = async (): Promise<string> => (await service.api<Status>("/status")).config.loaded_at;
  const before = await loadedAt();
  await service.configure(3);
  await service.machine.sh("systemctl reload chargehand.service");
  await service.until("it has read the file again", async () => (await loadedAt()) !== before);
  await service.until("it is ready again", async () => (await service.property("SubState")) === "running");
  assert.equal(await service.property("MainPID"), pid);
  return `pid ${pid} before and after`;
}

async function stopped(service: Service): Promise<string> {
  const agent = await startAgent(service, 5);
  await service.machine.sh("systemctl stop chargehand.socket chargehand.service");
  assert.equal(await service.property("ActiveState"), "inactive");
  assert.equal((await deliver(service.port, 9_999, false)).status, null);
  await service.machine.sh(`kill -0 ${agent.pid}`);
  const count = await service.machine.sh(`cat ${DATA}/tmp/SHOP-5.count`);
  await service.until(
    "the agent goes on",
    async () => (await service.machine.sh(`cat ${DATA}/tmp/SHOP-5.count`)) > count,
  );
  await service.machine.sh("systemctl start chargehand.socket chargehand.service");
  await finish(service, agent, 5);
  return `pid ${agent.pid} before and after`;
}

async function misconfigured(service: Service): Promise<string> {
  await service.configure("nonsense");
  await service.machine.run("systemctl", "restart", "chargehand.service");
  const began = performance.now();
  const waiting = deliver(service.port, 9_998, false, 60_000);
  await pause(10_000);
  const tries = Number(await service.property("NRestarts"));
  assert.ok(tries > 0 && tries < 10, `${tries} starts in ten seconds`);
  assert.equal(await service.machine.sh("systemctl is-active chargehand.socket"), "active");
  await service.configure(2);
  const { status, trouble } = await waiting;
  assert.deepEqual([status, trouble], [202, null]);
  return `${tries} tries in 10 s; answered after ${Math.round((performance.now() - began) / 1_000)} s, when ${CONFIG} was mended`;
}

async function comesBack(service: Service, before: string): Promise<void> {
  await service.until("there is another daemon", async () => {
    const now = await service.property("MainPID");
    return now !== before && now !== "0" && (await service.property("ActiveState")) === "active";
  });
}

interface Deliveries {
  readonly deliveries: Readonly<Record<string, number>>;
}

/** How many deliveries are stored, and how many of them wait to be understood. */
async function answered(service: Service): Promise<{ readonly all: number; readonly open: number }> {
  const { deliveries: counts } = await service.api<Deliveries>("/status");
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { all, open: (counts["received"] ?? 0) + (counts["failed"] ?? 0) };
}

/** How often each answer came. */
function tally(told: readonly Told[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { status, trouble } of told) {
    const key = String(status ?? trouble);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
