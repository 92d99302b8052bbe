/** A request's body, whatever is said about its size. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createBodyReader } from "../../handlers/read-body.ts";
import { LARGE_BODIES_BYTES_MAX, SMALL_BODY_BYTES } from "../../workflow/limits.ts";

function posted(body: string | ReadableStream | null): Request {
  return new Request("http://x", { method: "POST", body, duplex: "half" });
}

/** A body of one piece that does not end before it is let go. */
function held(bytes: number): { readonly request: Request; end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isSent = false;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isSent) {
        isSent = true;
        return controller.enqueue(new Uint8Array(bytes));
      }
      await promise;
      controller.close();
    },
  });
  return { request: posted(stream), end: resolve };
}

test("a body is read as it is, with its length announced or not, and a missing one is empty", async () => {
  const reader = createBodyReader(1_000);
  for (const announced of ["4", undefined, "nonsense"]) {
    const read = await reader.read(posted("body"), announced);
    assert.deepEqual(read.kind === "body" && read.raw.toString(), "body");
  }
  const none = await reader.read(posted(null), undefined);
  assert.equal(none.kind === "body" && none.raw.length, 0);
});

test("B1: a body over the limit is refused by its announced length, and by its real one", async () => {
  const reader = createBodyReader(10);
  assert.deepEqual(await reader.read(posted("x"), "11"), { kind: "too_large" });
  assert.deepEqual(await reader.read(posted("x".repeat(11)), "5"), { kind: "too_large" });
  assert.deepEqual(await reader.read(posted("x".repeat(11)), undefined), { kind: "too_large" });
});

test("B2: large bodies share a budget of memory, which each gives back", async () => {
  const reader = createBodyReader(LARGE_BODIES_BYTES_MAX);
  const first = held(LARGE_BODIES_BYTES_MAX);
  const reading = reader.read(first.request, undefined);
  // Its piece has been counted by then.
  await new Promise((resolve) => setImmediate(resolve));
  const more = (): Request => posted("x".repeat(SMALL_BODY_BYTES + 1));
  assert.deepEqual(await reader.read(more(), undefined), { kind: "overloaded" });
  assert.equal((await reader.read(posted("small"), "5")).kind, "body", "small ones need none of it");
  first.end();
  assert.equal((await reading).kind, "body");
  assert.equal((await reader.read(more(), undefined)).kind, "body");
});

test("a body that breaks off is told as broken, without words of the sender", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("s3cret")) });
  const read = await createBodyReader(10).read(posted(broken), undefined);
  assert.deepEqual(read, { kind: "broken", reason: "the body could not be read: TypeError" });
});
