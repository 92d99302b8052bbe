/** A recurring task with a real daemon: over a restart that missed three slots, and run by hand. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { chargehand, chargehandEnds, explain } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";
import { taskStatus, untilLogged } from "./scene.ts";

const HOUR = 3_600_000;

interface SeenSlot {
  readonly at: string;
  readonly by: string;
  readonly status: string;
  readonly task: string | null;
  readonly reason: string | null;
}

async function slotsOf(stage: DaemonProcess): Promise<readonly SeenSlot[]> {
  return (await stage.api<{ slots: SeenSlot[] }>("/api/v1/recurring/hourly")).body.slots;
}

/** As if the daemon had been away for so long: no test can wait for hours. */
async function ago(stage: DaemonProcess, ms: number): Promise<void> {
  const engine = await openSqlite(join(stage.dataDir, "chargehand.db"));
  await engine.atomic([{ sql: "update recurring set settled_to = settled_to - $1", params: [ms] }]);
  await engine.close();
}

test("I2: a daemon that was away for three slots makes up for the newest, once, also when it starts again", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/sh", "-c", "cat > prompt.txt"] });
  const recurring = `recurring:
  - { name: hourly, project: shop, every: "30 * * * *", timezone: Asia/Kolkata, missed: latest, overlap: skip,
      title: "Sweep at {{ slot.time }}", body: "{% if previous %}before: {{ previous.key }} {{ previous.status }}{% else %}first{% endif %}" }
`;
  writeFileSync(stage.config, readFileSync(stage.config, "utf8") + recurring);
  try {
    await stage.start();
    assert.deepEqual(await slotsOf(stage), [], "a new schedule has missed nothing");
    await stage.end("SIGKILL");
    await ago(stage, 3 * HOUR);
    await stage.start();
    await untilLogged(stage, "recurring.fired");
    const slots = await slotsOf(stage);
    assert.deepEqual(
      slots.map(({ status, task }) => [status, task]),
      [
        ["fired", "SHOP-1"],
        ["skipped", null],
        ["skipped", null],
      ],
    );
    assert.match(slots[2]?.reason ?? "", /^it was missed while the daemon was away, and a later one is made/);
    await stage.until("SHOP-1 is done", async () => (await taskStatus(stage, "SHOP-1")) === "done");
    const { body: task } = await stage.api<{ title: string; body: string }>("/api/v1/tasks/SHOP-1");
    assert.match(task.title, /^Sweep at \d\d:30$/);
    assert.equal(task.body, "first");
    const { decisions } = await explain(stage, "SHOP-1");
    assert.match(
      decisions.map(({ sentence }) => sentence).join("\n"),
      /schedule hourly, slot of .* Asia\/Kolkata/,
    );
    await stage.end("SIGKILL");
    await stage.start();
    assert.match(await chargehand(stage, "schedules", "run", "hourly"), /^SHOP-2 was made: Sweep at/);
    const { body: second } = await stage.api<{ body: string }>("/api/v1/tasks/SHOP-2");
    assert.equal(second.body, "before: SHOP-1 done");
    assert.equal((await slotsOf(stage)).filter(({ status }) => status === "fired").length, 2);
    assert.match(await chargehand(stage, "schedules"), /^hourly +shop +30 \* \* \* \* .*SHOP-2/m);
    assert.equal((await chargehand(stage, "schedules", "next", "hourly")).trim().split("\n").length, 11);
    assert.equal((await chargehandEnds(stage, "schedules", "run", "nobody")).code, 4);
  } finally {
    await stage.close();
  }
});
