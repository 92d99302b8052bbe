/** Migrations: once, in order, under a lock, and never on a database of the future. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { createStore } from "../../../store/build.ts";
import type { Engine } from "../../../store/engine/engine.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { aboutTask } from "../../../workflow/subject.ts";
import { openPglite } from "../../conformance/pglite.ts";

const ENGINES: readonly (readonly [name: string, open: () => Promise<Engine>])[] = [
  ["SQLite", () => openSqlite(":memory:")],
  ["PGlite", openPglite],
];

function broken(words: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof StoreFault && error.kind === "broken" && words.test(error.message) && error.hint !== "";
}

for (const [name, open] of ENGINES) {
  test(`A23: migrations on ${name}`, async (t) => {
    const engine = await open();
    t.after(() => engine.close());
    const rows = () => engine.all("select * from migrations order by number", []);
    const forget = (number: number) => engine.script(`delete from migrations where number = ${number};`);

    await t.test("A23: of two that migrate an empty database at once one does it", async () => {
      const both = await Promise.all([migrate(engine, 5), migrate(engine, 5)]);
      assert.equal(both.flat().filter((applied) => applied === "0001_init").length, 1);
    });

    await t.test("A23: a second time there is nothing to do", async () => {
      const applied = await rows();
      assert.deepEqual(await migrate(engine, 6), []);
      assert.deepEqual(await rows(), applied);
    });

    await t.test(
      "the rules of legality are put in place again when they are not those of the machines",
      async () => {
        await engine.script("update migrations set checksum = 'of older machines' where name = 'legality';");
        await engine.script(
          "alter table jobs drop constraint jobs_status_known; alter table jobs add constraint jobs_status_known check (status <> 'queued');",
        );
        assert.deepEqual(await migrate(engine, 7), ["legality"]);
        assert.deepEqual(await migrate(engine, 8), []);
        await engine.script(
          `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at)
           values ('SHOP-1', 'shop', 'SHOP', 1, 't', 'b', 'active', 'single', 0, 1, 1);
         insert into jobs (task, project, phase, agent, priority, created_at, status)
           values ('SHOP-1', 'shop', 'work', 'a', 0, 1, 'queued');`,
        );
      },
    );

    await t.test("a migration that fails changes nothing, and is tried again", async () => {
      const before = await rows();
      const newest = before.at(-1) ?? assert.fail();
      await forget(Number(newest["number"]));
      await assert.rejects(migrate(engine, 9), StoreFault);
      assert.deepEqual(await rows(), before.slice(0, -1));
      const words = [String(newest["name"]), String(newest["checksum"])];
      const params = [Number(newest["number"]), ...words, Number(newest["applied_at"])];
      await engine.atomic([{ sql: "insert into migrations values ($1, $2, $3, $4)", params }]);
      assert.deepEqual(await migrate(engine, 10), []);
    });

    await t.test("a migration that was edited after its release is noticed", async () => {
      await engine.script("update migrations set checksum = 'x' || checksum where number = 1;");
      await assert.rejects(migrate(engine, 11), broken(/0001_init is not the one/));
      await engine.script("update migrations set checksum = substr(checksum, 2) where number = 1;");
    });

    await t.test("a database newer than the program is refused, and left as it is", async () => {
      await engine.script(
        "insert into migrations values (99, '0099_future', 'f', 1); update migrations set checksum = 'future' where number = 0;",
      );
      const before = await rows();
      await assert.rejects(migrate(engine, 12), broken(/is at migration 99, and this program knows only/));
      assert.deepEqual(await rows(), before);
    });
  });
}

/** A database as an older program left it. */
async function migrateUpTo(engine: Engine, last: number): Promise<void> {
  const folder = new URL("../../../store/migrations/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(`.${engine.name}.sql`));
  await engine.script(
    "create table migrations (number bigint primary key, name text not null, checksum text not null, applied_at bigint not null);",
  );
  for (const [index, name] of names.sort().entries()) {
    if (index >= last) break;
    const text = readFileSync(new URL(name, folder), "utf8");
    const checksum = createHash("sha256").update(text).digest("hex");
    await engine.script(
      `insert into migrations values (${index + 1}, '${name}', '${checksum}', 1);\n${text}`,
    );
  }
}

for (const [name, open] of ENGINES) {
  test(`events and calls of tasks keep their place when subjects come, on ${name}`, async (t) => {
    const engine = await open();
    t.after(() => engine.close());
    await migrateUpTo(engine, 4);
    await engine.script(
      `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, events, created_at, updated_at)
         values ('SHOP-1', 'shop', 'SHOP', 1, 't', 'b', 'active', 'single', 0, 2, 1, 1);
       insert into events (task, seq, kind, key, data, at) values ('SHOP-1', 1, 'task.created', 'github:1', '{"by":"ada"}', 5);
       insert into events (task, seq, kind, key, data, at) values ('SHOP-1', 2, 'run.failed', null, '{}', 6);
       insert into outbox (task, target, kind, payload, due_at, created_at) values ('SHOP-1', 'github', 'comment', '{}', 7, 7);`,
    );
    assert.equal((await migrate(engine, 9))[0], "0005_subjects");
    const { events, outbox } = createStore(engine);
    const about = aboutTask("SHOP-1");
    assert.deepEqual(await events.of(about, 0, 10), [
      { subject: about, seq: 1, kind: "task.created", key: "github:1", data: { by: "ada" }, at: 5 },
      { subject: about, seq: 2, kind: "run.failed", key: null, data: {}, at: 6 },
    ]);
    const [call] = await outbox.due("github", 7, 10);
    assert.deepEqual([call?.subject, call?.kind, call?.dueAt], [about, "comment", 7]);
    assert.equal(await outbox.sent(call?.id ?? 0, 8), true);
    // The table is a new one, and the rules of legality hold in it again.
    await assert.rejects(engine.script("update outbox set status = 'pending', finished_at = null;"));
  });
}

for (const [name, open] of ENGINES) {
  test(`a task of before goes on with the agent that its first job was for, on ${name}`, async (t) => {
    const engine = await open();
    t.after(() => engine.close());
    await migrateUpTo(engine, 15);
    await engine.script(
      `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at)
         values ('SHOP-1', 'shop', 'SHOP', 1, 't', 'b', 'active', 'single', 0, 1, 1);
       insert into jobs (task, project, phase, agent, priority, created_at, status, finished_at)
         values ('SHOP-1', 'shop', 'work', 'old', 0, 1, 'queued', null), ('SHOP-1', 'shop', 'test', 'new', 0, 1, 'queued', null);`,
    );
    assert.equal((await migrate(engine, 9))[0], "0016_agents");
    const task = await createStore(engine).tasks.get("SHOP-1");
    assert.deepEqual([task?.agent, task?.pins.agent, task?.events], ["old", null, 0]);
  });
}
