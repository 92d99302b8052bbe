/** What is followed is told once when it comes and once when it is over, a bounded look at a time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { follow } from "../../../../handlers/api/metrics/follow.ts";

interface Thing {
  readonly seq: number;
  isOver: boolean;
}

function things(...made: Thing[]) {
  return {
    made,
    newest: async () => made.at(-1)?.seq ?? 0,
    open: async () => made.filter(({ isOver }) => !isOver).toReversed(),
    after: async (seq: number, limit: number) => made.filter((one) => one.seq > seq).slice(0, limit),
    these: async (seqs: readonly number[]) => made.filter(({ seq }) => seqs.includes(seq)),
  };
}

const seqs = (list: readonly Thing[]): readonly number[] => list.map(({ seq }) => seq);

test("what lives at the first look is told when it is over, and what was over before is not", async () => {
  const rows = things({ seq: 1, isOver: true }, { seq: 2, isOver: false });
  const { look } = follow<Thing>(rows);
  const first = await look();
  assert.deepEqual([seqs(first.come), seqs(first.over)], [[], []]);
  rows.made.splice(1, 1, { seq: 2, isOver: true });
  rows.made.push({ seq: 3, isOver: true }, { seq: 4, isOver: false });
  const second = await look();
  assert.deepEqual(
    [seqs(second.come), seqs(second.over)],
    [
      [3, 4],
      [2, 3],
    ],
  );
  const third = await look();
  assert.deepEqual([seqs(third.come), seqs(third.over)], [[], []], "each once");
});

test("a flood is looked at a part at a time, and nothing of it is forgotten", async () => {
  const rows = things();
  const { look } = follow<Thing>(rows, 2);
  await look();
  for (let seq = 1; seq <= 5; seq++) rows.made.push({ seq, isOver: true });
  const told: number[] = [];
  for (let looks = 0; looks < 4; looks++) told.push(...seqs((await look()).over));
  assert.deepEqual(told, [1, 2, 3, 4, 5]);
});

test("a look that fails is made again as a whole", async () => {
  const rows = things({ seq: 1, isOver: false });
  let isDown = false;
  const { look } = follow<Thing>({
    ...rows,
    these: async (asked) => (isDown ? Promise.reject(new Error("locked")) : rows.these(asked)),
  });
  await look();
  rows.made.push({ seq: 2, isOver: true });
  isDown = true;
  await assert.rejects(look());
  isDown = false;
  assert.deepEqual(seqs((await look()).come), [2]);
});
