/** The bodies of strangers: what is kept of them, and who has to go when it is too much. */

import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import { createBodyReader, isTooSlow, type ReadBody } from "../../handlers/read-body.ts";
import { handClock } from "./hand-moved.ts";

const LIMIT = 10_000;
const PACE = { patienceMs: 1_000, bytesPerSecond: 100, lookMs: 1 };

function readerOf(memory: number) {
  const clock = handClock();
  return { clock, reader: createBodyReader({ memory: () => memory, clock, pace: PACE }) };
}

function sent(...pieces: readonly (string | Uint8Array)[]): Readable {
  return Readable.from(pieces.map((piece) => Buffer.from(piece)));
}

async function turn(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
}

/** A body that comes as the test sends it, and what has become of it. */
function begun(reader: ReturnType<typeof readerOf>["reader"], limit: number = LIMIT) {
  const body = new PassThrough();
  const begin = { body, outcome: null as ReadBody | null, read: Promise.resolve<ReadBody | null>(null) };
  begin.read = reader.read(body, limit, undefined).then((outcome) => {
    begin.outcome = outcome;
    return outcome;
  });
  const send = async (bytes: number): Promise<void> => {
    body.write(Buffer.alloc(bytes, "x"));
    await turn();
  };
  return Object.assign(begin, { send });
}

test("a body is read as it is, with its length announced or not, and a missing one is empty", async () => {
  const { reader } = readerOf(1_000);
  for (const announced of ["4", undefined, "nonsense"]) {
    const read = await reader.read(sent("body"), LIMIT, announced);
    assert.deepEqual(read.kind === "body" && read.raw.toString(), "body");
  }
  const none = await reader.read(sent(), LIMIT, undefined);
  assert.equal(none.kind === "body" && none.raw.length, 0);
});

test("a body is the same in whatever pieces it comes", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, async (all) => {
      const read = await readerOf(1_000_000).reader.read(sent(...all), 40_000, undefined);
      assert.deepEqual(read, { kind: "body", raw: Buffer.concat(all) });
    }),
    { numRuns: 50 },
  );
});

test("B1: a body over the limit is refused by its announced length, and by its real one", async () => {
  const { reader } = readerOf(1_000);
  assert.deepEqual(await reader.read(sent("x"), 10, "11"), { kind: "too_large" });
  assert.deepEqual(await reader.read(sent("x".repeat(11)), 10, "5"), { kind: "too_large" });
  assert.deepEqual(await reader.read(sent("x".repeat(6), "x".repeat(5)), 10, undefined), {
    kind: "too_large",
  });
});

test("B2: of bodies that are too much together the one that stands still for longest goes, not the last", async () => {
  const { reader } = readerOf(4_000);
  const [first, second, third] = [begun(reader), begun(reader), begun(reader)];
  await first.send(1_000);
  await second.send(1_000);
  // Some more came of the first, so that the second is the one that stands still.
  await first.send(1);
  await third.send(1_500);
  assert.deepEqual([first.outcome, second.outcome, third.outcome], [null, { kind: "overloaded" }, null]);
  first.body.end();
  third.body.end();
  assert.equal((await first.read)?.kind, "body");
  assert.equal((await third.read)?.kind, "body");
});

test("B2: announced bytes take nothing of the budget; those that came do", async () => {
  const { reader } = readerOf(1_000);
  const stalled = Array.from({ length: 50 }, () => new PassThrough());
  const outcomes: ReadBody[] = [];
  for (const body of stalled) void reader.read(body, LIMIT, "9000").then((outcome) => outcomes.push(outcome));
  assert.equal((await reader.read(sent("x".repeat(900)), LIMIT, "900")).kind, "body");
  assert.deepEqual(outcomes, []);
  for (const body of stalled) body.destroy();
});

test("B2: what a body took is given back however it ends: whole, too large, broken, too slow, or for others", async () => {
  const { reader, clock } = readerOf(1_000);
  const endings: Readonly<Record<string, (one: ReturnType<typeof begun>) => unknown>> = {
    body: ({ body }) => body.end(),
    too_large: ({ send }) => send(600),
    broken: ({ body }) => body.destroy(),
    too_slow: () => clock.move(100_000),
    overloaded: () => begun(reader).body.end(Buffer.alloc(600)),
  };
  for (const [kind, end] of Object.entries(endings)) {
    const one = begun(reader, 1_000);
    await one.send(500);
    void end(one);
    assert.equal((await one.read)?.kind, kind);
    await turn();
    const two = [begun(reader, 1_000), begun(reader, 1_000)];
    for (const other of two) await other.send(500);
    assert.deepEqual([kind, ...two.map(({ outcome }) => outcome)], [kind, null, null]);
    for (const other of two) {
      other.body.end();
      await other.read;
    }
  }
});

test("B2: a single body fits into any budget, as far as its limit goes", async () => {
  const { reader } = readerOf(100);
  assert.equal((await reader.read(sent("x".repeat(500), "x".repeat(500)), LIMIT, undefined)).kind, "body");
});

test("B2: single bytes are counted with all that they take, and need no piece each", async () => {
  const { reader } = readerOf(1_500);
  const [drop, whole] = [begun(reader), begun(reader)];
  for (let sends = 0; sends < 5; sends++) await drop.send(1);
  await whole.send(600);
  assert.deepEqual([drop.outcome, whole.outcome], [{ kind: "overloaded" }, null]);
  whole.body.end();
  await whole.read;
});

test("B3: a body that stalls or drips is given up, one that comes is not", async () => {
  const { reader, clock } = readerOf(10_000);
  const [stalled, dripping, coming] = [begun(reader), begun(reader), begun(reader)];
  for (let seconds = 0; seconds < 3; seconds++) {
    await dripping.send(1);
    await coming.send(150);
    clock.move(1_000);
    await turn();
  }
  const slow = { kind: "too_slow" };
  assert.deepEqual([stalled.outcome, dripping.outcome, coming.outcome], [slow, slow, null]);
  coming.body.end();
  assert.equal((await coming.read)?.kind, "body");
});

test("B3: the time that a body has grows with what has come of it", () => {
  assert.equal(isTooSlow(1_000, 0, PACE), false);
  assert.equal(isTooSlow(1_001, 0, PACE), true);
  assert.equal(isTooSlow(2_000, 100, PACE), false);
  assert.equal(isTooSlow(2_001, 100, PACE), true);
});

test("a body that breaks off is told as broken, without words of the sender, and so is one that just ends", async () => {
  const { reader } = readerOf(10);
  const body = new PassThrough();
  const read = reader.read(body, 10, undefined);
  body.destroy(new TypeError("s3cret"));
  assert.deepEqual(await read, { kind: "broken", reason: "the body could not be read: TypeError" });
  const gone = begun(reader);
  gone.body.destroy();
  assert.deepEqual(await gone.read, { kind: "broken", reason: "the body could not be read: it ended early" });
});

test("what breaks after a body was given up troubles nobody", async () => {
  const { reader } = readerOf(10);
  const body = new PassThrough();
  const read = reader.read(body, 10, undefined);
  body.write("x".repeat(11));
  assert.deepEqual(await read, { kind: "too_large" });
  body.destroy(new Error("reset"));
  await turn();
  assert.equal(body.isPaused(), true);
});
