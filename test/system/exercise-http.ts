/** The door to the network, whoever stands behind it: what comes back, what does not, and what is never said. */

import assert from "node:assert/strict";
import { createServer as createTcpServer } from "node:net";
import test from "node:test";
import type { Http, HttpRequest, HttpResult } from "../../system/http.ts";
import { listen, serve } from "./served.ts";

const MIB = 1_048_576;

function reasonOf(result: HttpResult): string {
  assert.ok(result.kind === "unreachable", "it was answered");
  return result.reason;
}

export function exerciseHttp(open: () => Http): void {
  const ask = (url: string, more?: Partial<HttpRequest>): Promise<HttpResult> =>
    open().request("test", { method: "GET", url, ...more });

  test("A request arrives as it was written, and its answer comes back whole, whatever the status", async (t) => {
    const host = await serve(t, async (request, response) => {
      const body = await new Response(request as unknown as ReadableStream).text();
      const seen = { method: request.method, url: request.url, key: request.headers["x-key"], body };
      response.writeHead(418, { "X-Two": ["a", "b"], "Retry-After": "7" }).end(JSON.stringify(seen));
    });
    const result = await ask(`http://${host}/a?b=c`, {
      method: "POST",
      headers: { "x-key": "v" },
      body: "ü",
    });
    assert.ok(result.kind === "response");
    const { status, headers, body } = result.response;
    assert.deepEqual(JSON.parse(body), { method: "POST", url: "/a?b=c", key: "v", body: "ü" });
    assert.deepEqual([status, headers["x-two"], headers["retry-after"]], [418, "a, b", "7"]);
  });

  test("A redirect is an answer: nobody is followed with our token", async (t) => {
    const host = await serve(t, (_request, response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    });
    const result = await ask(`http://${host}/`);
    assert.equal(result.kind === "response" && result.response.status, 302);
  });

  test("The time is that of the whole exchange: a server that drips is given up, too", async (t) => {
    const silent = await serve(t, () => undefined);
    const dripping = await serve(t, (_request, response) => {
      const drip = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(drip));
    });
    for (const host of [silent, dripping]) {
      const reason = reasonOf(await ask(`http://${host}/`, { timeoutMs: 200 }));
      assert.equal(reason, `${host} did not answer: it took too long`);
    }
  });

  test("An answer without end is cut at 10 MiB", async (t) => {
    const host = await serve(t, (_request, response) => {
      const piece = Buffer.alloc(MIB, "x");
      let sent = 0;
      const more = (): void => {
        while (sent < 64 && response.write(piece)) sent += 1;
        if (sent < 64) response.once("drain", more);
      };
      more();
    });
    const result = await ask(`http://${host}/`);
    assert.equal(result.kind === "response" && result.response.body.length, 10 * MIB);
  });

  test("Where the head is all that is wanted, nobody waits for a body that does not end", async (t) => {
    const host = await serve(t, (_request, response) => {
      response.writeHead(202, { "retry-after": "7" }).write("…");
    });
    const result = await ask(`http://${host}/`, { headOnly: true, timeoutMs: 5_000 });
    assert.ok(result.kind === "response");
    assert.deepEqual(
      [result.response.status, result.response.headers["retry-after"], result.response.body],
      [202, "7", ""],
    );
  });

  test("Only where there was no connection it is certain that nothing was sent", async (t) => {
    const server = createTcpServer();
    const closed = await listen(t, server);
    await new Promise((resolve) => server.close(resolve));
    const rude = await serve(t, (_request, response) => void response.destroy());
    const silent = await serve(t, () => undefined);
    for (const [url, more, certain] of [
      [`http://${closed}/`, {}, true],
      ["http://host.invalid/", {}, true],
      [`http://${rude}/`, {}, undefined],
      [`http://${silent}/`, { timeoutMs: 100 }, undefined],
    ] as const) {
      const result = await ask(url, more);
      assert.equal(result.kind === "unreachable" && result.neverSent, certain, url);
    }
  });

  test("I12: why nobody answered is said without user, password, path and query", async (t) => {
    const server = createTcpServer();
    const closed = await listen(t, server);
    await new Promise((resolve) => server.close(resolve));
    const rude = await listen(
      t,
      createTcpServer((socket) => socket.on("error", () => socket.destroy()).resetAndDestroy()),
    );
    const deaf = await listen(
      t,
      createTcpServer((socket) => socket.on("error", () => socket.destroy()).end("no http\r\n\r\n")),
    );
    for (const [host, why] of [
      [closed, /ECONNREFUSED/],
      [rude, /ECONNRESET|UND_ERR_SOCKET/],
      [deaf, /HTTPParserError|HPE_/],
      ["host.invalid", /ENOTFOUND|EAI_AGAIN/],
    ] as const) {
      const reason = reasonOf(await ask(`http://user:s3cret@${host}/p4th?token=t0ken`));
      assert.match(reason, why);
      assert.ok(reason.startsWith(`${host} did not answer: `), reason);
      assert.doesNotMatch(reason, /s3cret|p4th|t0ken|user/);
    }
    for (const url of ["http://user:s3cret@[", "s3cret", "ftp://user:s3cret@host/"]) {
      assert.doesNotMatch(reasonOf(await ask(url)), /s3cret/);
    }
    const header = reasonOf(await ask(`http://${closed}/`, { headers: { authorization: "s3cret\n" } }));
    assert.doesNotMatch(header, /s3cret/);
  });
}
