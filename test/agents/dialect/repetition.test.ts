/** What counts as the same call with the same result. */

import assert from "node:assert/strict";
import test from "node:test";
import { emptyTranscript } from "../../../agents/dialect/dialect.ts";
import { beginCall, type Calls, endCall, wholeCall } from "../../../agents/dialect/repetition.ts";
import { backendNames } from "../../../agents/registry.ts";
import { NEW_RUN } from "../profile.ts";
import { SPEAKERS, type ToolCall } from "../supervision/calls-of.ts";
import { readerOf } from "../transcripts.ts";

const EMPTY = emptyTranscript(null, {});

function callsOf(...pairs: readonly (readonly [does: unknown, gets: unknown])[]): Calls {
  return pairs.reduce((sum, [does, gets]) => wholeCall(sum, [does], [gets]), EMPTY).calls;
}

function counted({ ended, repeated, inRow }: Calls): readonly number[] {
  return [ended, repeated, inRow];
}

test("Only a call and a result that are both the same as before repeat it", () => {
  assert.deepEqual(counted(callsOf(["ls", "a"], ["ls", "a"], ["ls", "a"])), [3, 2, 2]);
  assert.deepEqual(counted(callsOf(["ls", "a"], ["ls", "b"], ["ls", "c"])), [3, 0, 0]);
  assert.deepEqual(counted(callsOf(["ls", "a"], ["pwd", "a"], ["ls", "a"])), [3, 1, 1]);
  assert.deepEqual(counted(callsOf(["ls", "a"], ["ls", "a"], ["make", "ok"])), [3, 1, 0]);
  assert.deepEqual(counted(callsOf(["ls", undefined], ["ls", null], ["ls", undefined])), [3, 2, 2]);
});

test("A circle of several calls is one, and what lies further back is forgotten", () => {
  const circle = (length: number): Calls =>
    callsOf(...Array.from({ length: 3 * length }, (_, n) => [n % length, "ok"] as const));
  assert.deepEqual(counted(circle(32)), [96, 64, 64]);
  assert.deepEqual(counted(circle(33)), [99, 0, 0]);
});

test("Calls at once are told apart by their ids; what never began, or began too long ago, counts for nothing", () => {
  const both = beginCall(beginCall(EMPTY, "1", "ls"), "2", "ls");
  assert.deepEqual(counted(endCall(endCall(both, "2", "a"), "1", "a").calls), [2, 1, 1]);
  assert.equal(endCall(EMPTY, "1", "a"), EMPTY);
  const many = Array.from({ length: 200 }, (_, n) => n).reduce(
    (sum, n) => beginCall(sum, String(n), "ls"),
    EMPTY,
  );
  assert.equal(many.calls.open.length, 64);
  assert.equal(endCall(many, "0", "a"), many);
});

test("It stays small, whatever is called and comes back", () => {
  const huge = "x".repeat(1_000_000);
  const calls = callsOf(...Array.from({ length: 100 }, (_, n) => [`${huge}${n}`, huge] as const));
  assert.ok(JSON.stringify(calls).length < 2_000);
});

test("Every backend tells its calls with their results, and ids, times and words in between make none of them new", () => {
  assert.deepEqual(SPEAKERS.map(({ backend }) => backend.name).sort(), [...backendNames].sort());
  for (const { backend, print } of SPEAKERS) {
    const said = (calls: readonly Omit<ToolCall, "n">[]): readonly number[] => {
      const lines = calls.flatMap((call, n) =>
        print({ ...call, n })
          .trimEnd()
          .split("\n"),
      );
      const read = readerOf(backend, NEW_RUN);
      return counted(read(...lines.map((line): object => JSON.parse(line))).calls);
    };
    const same = { does: "ls", gets: "a" };
    assert.deepEqual(said([same, same, same]), [3, 2, 2], backend.name);
    assert.deepEqual(said([same, { ...same, gets: "b" }, { ...same, does: "pwd" }]), [3, 0, 0], backend.name);
  }
});
