/** The test of a mode: every attempt is held, and the ordinary work beside it goes its ordinary way. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mode } from "./attempt.ts";
import { runsOf } from "./attempts.ts";
import { promised, tryAll } from "./stage.ts";

export function testMode(mode: Mode, skip: string | false): void {
  const runs = runsOf(mode);
  const count = [...runs.values()].flat().length;
  test(`I14: ${count} attempts of hostile agents with isolation ${mode}`, { skip }, async (t) => {
    const { traces, works, damage } = await tryAll(mode);
    for (const [run, attempts] of runs) {
      const work = works.get(run);
      for (const { name } of attempts)
        await t.test(`I14: ${name} is held`, () => {
          assert.deepEqual(
            traces.filter((trace) => trace.startsWith(`${name}: `)),
            [],
          );
        });
      const wanted = promised(attempts, mode);
      await t.test(`I15: the work beside ${run} is ${wanted}`, () => {
        const said = `${work?.task.status}: ${work?.task.reason}`;
        if (wanted === "astray") assert.notEqual(work?.became, "published", said);
        else assert.equal(work?.became, wanted, said);
      });
    }
    await t.test("I14: no secret is told, and daemon and neighbour are well", () => {
      assert.deepEqual(damage, []);
      // Marks of nobody that is known would be a mistake of these tests.
      assert.deepEqual(traces, []);
    });
  });
}
