/** Tasks that wait for one another, with a real daemon, real agents and the real command line. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, chargehandEnds, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const REFUSED = 5;

/** Writes down that it began, and waits until it may end. */
function agent(folder: string): readonly string[] {
  const begin = `echo "$CHARGEHAND_TASK $CHARGEHAND_PHASE" >> ${folder}/journal`;
  return [
    "/bin/sh",
    "-c",
    `${begin}; until [ -e ${folder}/go-$CHARGEHAND_TASK-$CHARGEHAND_PHASE ]; do sleep 0.1; done`,
  ];
}

class Stage extends DaemonProcess {
  /** An agent of a task may end its phase. */
  go(key: string, phase = "work"): void {
    writeFileSync(join(this.folder, `go-${key}-${phase}`), "");
  }

  /** Who has begun, in order. */
  get begun(): readonly string[] {
    const path = join(this.folder, "journal");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  }

  async untilStatus(key: string, status: string): Promise<void> {
    await this.until(`${key} is ${status}`, async () => (await statusOf(this, key)) === status);
  }

  async untilBegun(...what: readonly string[]): Promise<void> {
    await this.until(`${what.join(", ")} has begun`, () => this.begun.length >= what.length);
    assert.deepEqual(this.begun, what);
  }
}

async function withStage(workflow: string, body: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = new Stage({ argv: ["/bin/true"] });
  try {
    if (workflow !== "single") writeFileSync(join(stage.folder, "two.yaml"), TWO);
    stage.configure({ argv: agent(stage.folder), concurrency: 4, workflow });
    await body(stage);
  } finally {
    await stage.close();
  }
}

const TWO = `
name: two
phases:
  - { key: work, role: developer, instructions: Do it. }
  - { key: polish, role: developer, instructions: Polish it. }
`;

const sentenceOf = async (stage: Stage, key: string): Promise<string> =>
  (await explain(stage, key)).reasons[0]?.sentence ?? "";

test("A10: tasks of a serial project begin in order, over a restart, and a person lets one pass", () =>
  withStage("single", async (stage) => {
    const text = readFileSync(stage.config, "utf8");
    writeFileSync(
      stage.config,
      text.replace("    base_branch: main\n", "    base_branch: main\n    serial: true\n"),
    );
    await stage.start();
    for (const title of ["one", "two", "three"]) await chargehand(stage, "new", "shop", title);
    await stage.untilBegun("SHOP-1 work");
    assert.match(await sentenceOf(stage, "SHOP-3"), /^SHOP-2 is before it/);
    assert.match(
      await chargehand(stage, "new", "shop", "four"),
      /^SHOP-4 waits: SHOP-3 is before it, and the tasks of project shop go one after another/,
    );
    await stage.end("SIGKILL");
    stage.go("SHOP-1");
    await stage.start();
    await stage.untilBegun("SHOP-1 work", "SHOP-2 work");
    await chargehand(stage, "resume", "SHOP-4");
    await stage.untilBegun("SHOP-1 work", "SHOP-2 work", "SHOP-4 work");
    assert.equal(await statusOf(stage, "SHOP-3"), "waiting");
    stage.go("SHOP-4");
    await stage.untilStatus("SHOP-4", "done");
    assert.equal(await statusOf(stage, "SHOP-3"), "waiting", "SHOP-2 is at work");
    stage.go("SHOP-2");
    await stage.untilBegun("SHOP-1 work", "SHOP-2 work", "SHOP-4 work", "SHOP-3 work");
    stage.go("SHOP-3");
    await stage.untilStatus("SHOP-3", "done");
  }));

test("A9: a chain of tasks is done link by link, and one that was cancelled is retried or dropped", () =>
  withStage("single", async (stage) => {
    await stage.start();
    await chargehand(stage, "new", "shop", "one");
    assert.match(
      await chargehand(stage, "new", "shop", "two", "--after", "SHOP-1"),
      /^SHOP-2 waits: it needs SHOP-1/,
    );
    await chargehand(stage, "new", "shop", "three", "--after", "SHOP-2");
    assert.equal((await chargehandEnds(stage, "depend", "SHOP-2", "--on", "SHOP-3")).code, REFUSED);
    await stage.untilBegun("SHOP-1 work");
    assert.match(await chargehand(stage, "tasks", "--ready"), /No task matches/);
    stage.go("SHOP-1");
    await stage.untilBegun("SHOP-1 work", "SHOP-2 work");
    await chargehand(stage, "cancel", "SHOP-2");
    assert.match(await sentenceOf(stage, "SHOP-3"), /^it needs SHOP-2, which was cancelled/);
    assert.match(
      await chargehand(stage, "depend", "--drop", "SHOP-2", "SHOP-3"),
      /^SHOP-3 needs no other task/,
    );
    await stage.untilBegun("SHOP-1 work", "SHOP-2 work", "SHOP-3 work");
    stage.go("SHOP-3");
    await stage.untilStatus("SHOP-3", "done");
  }));

test("A11: a freeze lets a task in its middle go on to its end, keeps a new one over a restart, and ends by a word", () =>
  withStage("./two.yaml", async (stage) => {
    await stage.start();
    await chargehand(stage, "new", "shop", "one");
    await stage.untilBegun("SHOP-1 work");
    stage.go("SHOP-1");
    await stage.untilBegun("SHOP-1 work", "SHOP-1 polish");
    await chargehand(stage, "freeze", "shop", "--because", "checkout answers 500");
    await chargehand(stage, "new", "shop", "two");
    assert.match(await chargehand(stage, "status"), /freeze .*checkout answers 500/);
    await stage.end("SIGKILL");
    await stage.start();
    stage.go("SHOP-1", "polish");
    await stage.untilStatus("SHOP-1", "done");
    assert.match(
      await sentenceOf(stage, "SHOP-2"),
      /^its repository takes no new task: frozen by .*: checkout answers 500$/,
    );
    assert.deepEqual(stage.begun, ["SHOP-1 work", "SHOP-1 polish"]);
    assert.match(await chargehand(stage, "tasks", "--ready"), /No task matches/);
    await chargehand(stage, "unfreeze", "shop", "--because", "rolled back");
    await stage.untilBegun("SHOP-1 work", "SHOP-1 polish", "SHOP-2 work");
    for (const phase of ["work", "polish"]) stage.go("SHOP-2", phase);
    await stage.untilStatus("SHOP-2", "done");
  }));
