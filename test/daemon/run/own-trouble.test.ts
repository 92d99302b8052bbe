/** Whose trouble an error of the system is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isSystemError, orOwnTrouble } from "../../../daemon/run/own-trouble.ts";
import { StoreFault } from "../../../store/engine/engine.ts";

function told(code: string): Error {
  return Object.assign(new Error(`${code}: it says no`), { code });
}

test("I16: what lies in the way in a task's place is the task's trouble, and a shortage the machine's", async () => {
  for (const code of ["EINVAL", "ENOTDIR", "EISDIR", "EACCES", "ELOOP", "ENAMETOOLONG"])
    assert.deepEqual(await orOwnTrouble(() => Promise.reject(told(code))), {
      kind: "failed",
      reason: `${code}: it says no`,
    });
  for (const error of [told("ENOSPC"), told("EMFILE"), new TypeError("a mistake of ours")])
    await assert.rejects(() => orOwnTrouble(() => Promise.reject(error)), error);
  const done = { kind: "ok", value: 1 } as const;
  assert.equal(await orOwnTrouble(() => Promise.resolve(done)), done);
  assert.equal(isSystemError(new StoreFault("busy", "taken", "wait")), false);
});
