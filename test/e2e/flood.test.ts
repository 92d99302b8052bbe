/** I1, I2 from outside: many senders, repeats, and a daemon that is killed in the middle. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, DaemonProcess } from "./daemon-process.ts";

const DELIVERIES = 700;
const REPEATS = 300;
const CONNECTIONS = 64;

interface Status {
  readonly deliveries: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
}

/** 700 issues, 300 of them sent twice, in an order that looks random and is always the same. */
function numbers(): readonly number[] {
  const all = Array.from({ length: DELIVERIES }, (_, i) => i + 1);
  return [...all, ...all.slice(0, REPEATS)].sort((a, b) => ((a * 7_919) % 997) - ((b * 7_919) % 997));
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, n) => total + n, 0);
}

async function settled(stage: DaemonProcess): Promise<Status> {
  let status: Status | null = null;
  await stage.until("the inbox is empty", async () => {
    status = (await stage.api<Status>("/api/v1/status")).body;
    return status.deliveries["received"] === 0 && sum(status.deliveries) === DELIVERIES;
  });
  return status as unknown as Status;
}

test("1,000 deliveries of which 300 are repeats, over 64 connections: 700 tasks, 300 duplicates, nothing else", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"], publish: "none", concurrency: 1 });
  try {
    await stage.start();
    const answers: Answer[] = [];
    await stage.flood(numbers(), CONNECTIONS, (answer) => answers.push(answer));
    const by = (status: string): number => answers.filter(({ body }) => body.status === status).length;
    assert.deepEqual(
      [by("accepted"), by("duplicate"), answers.length],
      [DELIVERIES, REPEATS, DELIVERIES + REPEATS],
    );
    const status = await settled(stage);
    assert.equal(status.deliveries["processed"], DELIVERIES);
    assert.equal(sum(status.tasks), DELIVERIES);
    assert.equal(sum(status.jobs), DELIVERIES);
  } finally {
    await stage.close();
  }
});

test("I1, I2: the same with kill -9 in the middle: nothing acknowledged is lost, nothing is doubled", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"], publish: "none", concurrency: 1 });
  try {
    await stage.start();
    let answered = 0;
    let kills = 0;
    const flood = stage.flood(numbers(), CONNECTIONS, () => {
      answered += 1;
    });
    for (const mark of [200, 600]) {
      await stage.until(`${mark} are answered`, () => answered >= mark);
      await stage.end("SIGKILL");
      kills += 1;
      await stage.start();
    }
    await flood;
    assert.equal(kills, 2);
    const status = await settled(stage);
    assert.equal(status.deliveries["processed"], DELIVERIES);
    assert.equal(sum(status.tasks), DELIVERIES);
    assert.equal(sum(status.jobs), DELIVERIES);
  } finally {
    await stage.close();
  }
});
