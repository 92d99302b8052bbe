/**
 * An engine that tells what its transactions have made to do. The loops of the daemon sleep until there is something
 * for them; a statement that may give one of them work says so beside its SQL (`makes`), and so every verb tells.
 *
 * W1. It is told after the commit, once per word and transaction, and only where rows have changed.
 * W2. Nobody depends on it: whoever was not told finds the same rows at its next look, a little later.
 */

import type { Engine, Statement } from "./engine.ts";
import type { Tell, Work } from "./work.ts";

export function telling(engine: Engine, tell: Tell): Engine {
  return {
    name: engine.name,
    place: engine.place,
    all: (sql, params) => engine.all(sql, params),
    async atomic(batch) {
      const result = await engine.atomic(batch);
      if (result.kind === "done") for (const work of madeBy(batch, result.changed)) tell(work);
      return result;
    },
    script: (text) => engine.script(text),
    close: () => engine.close(),
  };
}

function madeBy(batch: readonly Statement[], changed: readonly number[]): ReadonlySet<Work> {
  const made = new Set<Work>();
  for (const [index, { makes = [] }] of batch.entries())
    if ((changed[index] ?? 0) > 0) for (const work of [makes].flat()) made.add(work);
  return made;
}
