/** Migrations: once, in order, under a lock, and never on a database of the future. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../../../store/engine/engine.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
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
      await forget(4);
      await assert.rejects(migrate(engine, 9), StoreFault);
      assert.deepEqual(
        (await rows()).map((row) => Number(row["number"])),
        [0, 1, 2, 3],
      );
      await engine.atomic([
        {
          sql: "insert into migrations values ($1, $2, $3, $4)",
          params: [4, "0004_remedies", String(before[4]?.["checksum"]), 5],
        },
      ]);
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
