/** Plays a day of the circle to its end, and says what is not as it should be then. */

import { copyFileSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPlane } from "../../proof/plane/start.ts";
import { quickClock } from "../quick/time.ts";
import { type Day, POSTS, rulesOf } from "./day.ts";
import { type Ground, openGround, REPO } from "./ground.ts";
import { killing } from "./kills.ts";
import {
  assertIssueOnce,
  assertItemOnce,
  assertPullOnce,
  assertRunsOnce,
  isToldAt,
  untilOver,
} from "./once.ts";
import type { Meanwhile } from "./patience.ts";
import { deeds, PLAYBOOK, play } from "./story.ts";

/** What it took, for people. */
export interface Weathered {
  readonly seconds: number;
  readonly calls: number;
  readonly faults: number;
  readonly kills: number;
}

/** So many times as fast as ours: polls of ten seconds and pauses of a minute are waited for. */
const TIMES = 5;
const TELL = {
  github:
    "tell: { labels: { working: agent-works, waiting: agent-waits, failed: agent-failed }, status: true }",
  plane:
    "tell: { labels: { working: agent-works, waiting: agent-waits, failed: agent-failed }, states: { started: started, done: completed } }",
};

/** @throws AssertionError with what is wrong in the end, and where the evidence is */
export async function weather(day: Day): Promise<Weathered> {
  const began = performance.now();
  const ground = await groundOf(day);
  const { github, plane, stage } = ground;
  const hosts = [github, ...(plane === null ? [] : [plane])];
  const { look, kills } = killing(ground, hosts);
  const pushes = day.isKilledAtPushes ? killingAtPushes(ground) : null;
  const meanwhile: Meanwhile = async () => (await look()) || ((await pushes?.look()) ?? false);
  try {
    await stage.start();
    for (const { faults, courier } of hosts) {
      courier.play({ ...POSTS[day.post], seed: day.seed });
      faults.play(rulesOf(day), day.seed);
    }
    const isTold = begin(ground);
    await play(ground, deeds(ground), meanwhile);
    await untilOver(ground, isTold, meanwhile);
    for (const { faults, courier } of hosts) {
      faults.play([]);
      courier.play();
    }
    judge(ground);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : error}\nkept: ${keep(ground, day)}`);
  } finally {
    await ground.close();
  }
  const calls = hosts.reduce((sum, host) => sum + [...host.calls.values()].reduce((all, n) => all + n, 0), 0);
  const struck = hosts.reduce((sum, { faults }) => sum + faults.struck, 0);
  return {
    seconds: Math.round((performance.now() - began) / 1_000),
    ...{ calls, faults: struck - kills(), kills: kills() + (pushes?.kills() ?? 0) },
  };
}

async function groundOf({ circle, poll, post }: Day): Promise<Ground> {
  const pace = { times: TIMES, since: Date.now() };
  const plane =
    circle === "plane" ? await startPlane({ retryMs: 5_000, clock: quickClock(pace) }) : undefined;
  return await openGround({
    ...{ playbook: PLAYBOOK, project: [TELL[circle]], pace, isDeaf: post === "none" },
    ...(plane !== undefined && { plane }),
    ...(poll !== null && { poll }),
  });
}

/** @returns whether whoever asked can read that it is done */
function begin(ground: Ground): () => boolean {
  const { github, plane } = ground;
  if (plane === null) {
    const { number } = github.people.open({
      repo: REPO,
      by: "ada",
      title: "Build a shelf",
      body: "Of wood.",
    });
    github.people.label({ repo: REPO, by: "ada", number, label: "agent" });
    return () => isToldAt(ground, number);
  }
  const shop = { project: "SHOP", by: "ada" } as const;
  const { sequence: number } = plane.people.create({
    ...shop,
    name: "Build a shelf",
    html: "<p>Of wood.</p>",
  });
  plane.people.setLabels({ ...shop, number, labels: ["agent"] });
  const item = plane.people.item({ project: "SHOP", number });
  return () => item.comments.some(({ html }) => html.includes("<strong>Done<"));
}

function judge(ground: Ground): void {
  const { plane } = ground;
  if (plane === null) assertIssueOnce(ground, 1);
  else assertItemOnce(plane, 1);
  assertPullOnce(ground);
  assertRunsOnce(ground);
}

/** A push is made by git, and no call of a host's. */
function killingAtPushes({ stage, github }: Ground) {
  const refs = (): string => JSON.stringify([...github.world.repo(REPO).refs]);
  let [seen, kills] = [refs(), 0];
  return {
    kills: () => kills,
    async look(): Promise<boolean> {
      const now = refs();
      if (now === seen) return false;
      seen = now;
      kills += 1;
      await stage.end("SIGKILL");
      await stage.start();
      return true;
    },
  };
}

/** @returns where what is needed to find out why lies */
function keep({ stage, github, plane }: Ground, day: Day): string {
  const folder = mkdtempSync(join(tmpdir(), `chargehand-circle-${day.circle}-${day.seed}-`));
  writeFileSync(join(folder, "daemon.log"), stage.log);
  const strikes = { github: github.faults.strikes, plane: plane?.faults.strikes };
  writeFileSync(join(folder, "day.json"), JSON.stringify({ day, strikes }, null, 2));
  for (const name of ["chargehand.db", "chargehand.db-wal"]) {
    const from = join(stage.dataDir, name);
    if (existsSync(from)) copyFileSync(from, join(folder, name));
  }
  return folder;
}
