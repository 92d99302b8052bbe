/** Backup and restore with a real daemon and the real command line. */

import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, chargehandEnds, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const [USAGE, NOT_FOUND, REFUSED] = [2, 4, 5] as const;

test("G7: a backup of a daemon at work is restored, paused until a person resumes it", async () => {
  const script = 'read -r line; [ -e "$0" ] || sleep 600; echo sorted > work.txt';
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const hurry = join(stage.folder, "hurry");
  stage.configure({ argv: ["/bin/sh", "-c", script, hurry] });
  const copy = join(stage.folder, "copy.db");
  try {
    assert.equal((await chargehandEnds(stage, "backup", copy)).code, NOT_FOUND);
    await stage.start();
    await stage.label(1);
    await stage.until("an agent works", async () => (await statusOf(stage, "SHOP-1")) === "active");

    assert.match(await chargehand(stage, "backup", copy), /copy\.db: \d+ bytes, 1 task; read through/);
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    assert.equal((await chargehandEnds(stage, "backup", copy)).code, REFUSED);
    const again = JSON.parse(await chargehand(stage, "backup", copy, "--force", "--json"));
    assert.deepEqual(again, { file: copy, bytes: statSync(copy).size, tasks: 1 });
    const itself = join(stage.dataDir, "chargehand.db");
    assert.equal((await chargehandEnds(stage, "backup", itself, "--force")).code, USAGE);
    assert.equal((await chargehandEnds(stage, "restore", copy)).code, REFUSED);
    assert.equal((await chargehandEnds(stage, "resume", "shop")).code, REFUSED);

    await stage.label(2);
    await stage.end("SIGTERM");
    const told = await chargehand(stage, "restore", copy);
    assert.match(told, /copy\.db now: 1 task\.\n/);
    assert.match(told, /What was there before is .*\/backups\/replaced-.*\.db\.\n/);
    assert.match(told, /are lost, and are tried again: SHOP-1\.\n/);
    assert.match(told, /chargehand resume shop\n$/);

    await stage.start();
    const { reasons } = await explain(stage, "SHOP-1");
    const [pause] = reasons.filter(({ about }) => about === "project");
    assert.match(pause?.sentence ?? "", /the database was restored from .*copy\.db/);
    assert.equal(pause?.remedy, "chargehand resume shop");
    writeFileSync(hurry, "");
    assert.equal((await chargehandEnds(stage, "resume", "shop", "nowhere")).code, NOT_FOUND);
    await stage.until("its work is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
  } finally {
    await stage.close();
  }
});
