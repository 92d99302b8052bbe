/** What the rate breaker has counted lately, so that a restart forgets nothing of a loop. */

import type { Engine, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export interface LoopMark {
  readonly key: string;
  /** ms */
  readonly at: number;
  readonly isTripped: boolean;
}

export interface LoopStore {
  /** @param before what is older than this (ms) of the same keys is forgotten */
  note(marks: readonly LoopMark[], before: number): Promise<void>;
  /** Since then (ms), oldest first; all that is older is forgotten. */
  since(at: number): Promise<readonly LoopMark[]>;
}

/** More than everything that can be counted of a thousand loops. */
const ROWS_MAX = 50_000;

const NOTE = "insert into loop_marks (key, at, is_tripped) values ($1, $2, $3)";
const FORGET_KEY = "delete from loop_marks where key = $1 and at < $2";
const FORGET = "delete from loop_marks where at < $1";
const SINCE = `select * from loop_marks where at >= $1 order by at, id limit ${ROWS_MAX}`;

export function loopStore(engine: Engine): LoopStore {
  return {
    async note(marks, before) {
      if (marks.length === 0) return;
      const batch = marks.flatMap(({ key, at, isTripped }): readonly Statement[] => [
        { sql: FORGET_KEY, params: [key, before] },
        { sql: NOTE, params: [key, at, isTripped ? 1 : 0], expect: 1 },
      ]);
      await engine.atomic(batch);
    },
    async since(at) {
      await engine.atomic([{ sql: FORGET, params: [at] }]);
      return (await engine.all(SINCE, [at])).map((row) => {
        const { text, integer } = decode("loop_marks", row);
        return { key: text("key"), at: integer("at"), isTripped: integer("is_tripped") === 1 };
      });
    },
  };
}
