/** Reading from the network piece by piece. */

import assert from "node:assert/strict";
import test from "node:test";
import { systemDownloads } from "../../system/download.ts";
import { serve } from "./served.ts";

test("A download comes piece by piece while the server speaks, and ends when nobody reads on", async (t) => {
  const closed = Promise.withResolvers<void>();
  const host = await serve(t, (_request, response) => {
    response.on("close", closed.resolve);
    response.write("one");
  });
  const result = await systemDownloads().open("test", `http://${host}/log`, {});
  assert.ok(result.kind === "response");
  for await (const chunk of result.response.chunks) {
    assert.equal(Buffer.from(chunk).toString(), "one");
    break;
  }
  await closed.promise;
});

test("A download that cannot begin says so without its credentials", async () => {
  const result = await systemDownloads().open("test", "http://user:s3cret@127.0.0.1:1/log", {});
  assert.ok(result.kind === "unreachable");
  assert.match(result.reason, /^127\.0\.0\.1:1 did not answer: ECONNREFUSED$/);
});
