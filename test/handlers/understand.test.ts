/** The loop between decoding and looking up, with a source whose facts nobody else knows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Facts, SourceKit } from "../../handlers/kit.ts";
import { understand } from "../../handlers/understand.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import { LOOKUPS_MAX } from "../../workflow/limits.ts";
import { NOW } from "./hand-moved.ts";
import { project } from "./project.ts";

const DELIVERY: Delivery = {
  id: 1,
  source: "generic:counter",
  deliveryId: "d-1",
  headerId: null,
  event: "count",
  body: '{"to": 3}',
  status: "received",
  reason: null,
  task: null,
  subject: null,
  tries: 0,
  notBefore: 0,
  replayOf: null,
  receivedAt: NOW,
  finishedAt: null,
};

interface Client {
  next(after: number): number | null;
}

type Counted = Pick<SourceKit<null, Client, number, readonly number[]>, "decode"> & {
  readonly facts: Facts<Client, number, readonly number[]>;
};

/** Needs one number after the other, and says in the end which it knows. */
const COUNTER: Counted = {
  decode: (event, payload, { source, known }) =>
    known.length < Number(payload["to"])
      ? { kind: "need", subject: "counter", need: known.length }
      : { kind: "ignore", reason: `${source} ${event}: ${known.join(", ")}` },
  facts: {
    nothing: [],
    lookUp: async (need, known, { client }) => {
      const next = client?.next(need) ?? null;
      return next === null
        ? { kind: "retry", reason: "nobody counts", afterMs: 5_000 }
        : { kind: "known", known: [...known, next] };
    },
  },
};

const counting = (client: Client | null, delivery = DELIVERY) => {
  const projects = [project()];
  const find = async (): Promise<never> => assert.fail("nobody needs a task");
  const audience = { source: delivery.source, settings: null, projects, own: [] };
  return understand(delivery, COUNTER, audience, {
    client,
    projects,
    tasks: { find, findByBranch: find, findByCommit: find },
  });
};

test("facts are looked up one after the other, each added to those that are known", async () => {
  const understood = await counting({ next: (after) => after * 10 });
  assert.deepEqual(understood, { kind: "ignore", reason: "generic:counter count: 0, 10, 20" });
});

test("a fact that cannot be had now puts the delivery off, with its subject", async () => {
  const waiting = { kind: "retry", reason: "nobody counts", afterMs: 5_000, subject: "counter" };
  assert.deepEqual(await counting(null), waiting);
  assert.deepEqual(await counting({ next: (after) => (after < 2 ? after : null) }), waiting);
});

test("a source that is never content is stopped", async () => {
  let asked = 0;
  const client: Client = {
    next: (after) => {
      asked += 1;
      return after;
    },
  };
  const understood = await counting(client, { ...DELIVERY, body: '{"to": 1000}' });
  assert.equal(understood.kind, "failed");
  assert.equal(asked, LOOKUPS_MAX + 1);
});
