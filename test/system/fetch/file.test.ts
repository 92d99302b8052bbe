/** Fetching a file from an address that somebody else has named. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileRequest, type Resolver, systemFileFetch } from "../../../system/fetch/file.ts";
import { serve } from "../served.ts";

const BOUNDS = { bytesMax: 1_000, timeoutMs: 5_000 };
const ask = (url: string, more: Partial<FileRequest> = {}): FileRequest => ({
  ...BOUNDS,
  url,
  home: null,
  ...more,
});

test("A file arrives byte for byte, from the one private host that is named, without a token or a packing", async (t) => {
  const bytes = Buffer.from([0x89, 0xff, 0, 0xc3, 0x28]);
  const asked: (string | undefined)[] = [];
  const home = await serve(t, ({ headers }, response) => {
    asked.push(headers.authorization, headers.cookie, headers["accept-encoding"] as string);
    response.end(bytes);
  });
  const got = await systemFileFetch().fetch("test", ask(`http://${home}/a?jwt=s3cret`, { home }));
  assert.ok(got.kind === "response");
  assert.deepEqual([got.status, Buffer.from(got.bytes)], [200, bytes]);
  assert.deepEqual(asked, [undefined, undefined, "identity"]);
});

test("Nothing private is asked but that host: by address, by name, by what a name turns out to be", async (t) => {
  let heard = 0;
  const other = await serve(t, (_request, response) => {
    heard += 1;
    response.end("metadata");
  });
  const port = other.split(":")[1];
  const looked: string[] = [];
  const resolve: Resolver = (hostname, _options, answer) => {
    looked.push(hostname);
    answer(null, [
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]);
  };
  const { fetch } = systemFileFetch({}, resolve);
  const urls = [
    ...[
      `http://${other}/`,
      `http://files.example/`,
      "ftp://files.example/",
      "nonsense",
      "https://user:pw@a.example/",
    ],
    ...[
      `https://${other}/`,
      "https://169.254.169.254/latest/meta-data",
      "https://[::1]/",
      "https://2130706433/",
    ],
    ...[`https://localhost:${port}/`, `https://a.localhost.:${port}/`, `https://files.example:${port}/`],
  ];
  for (const url of urls) {
    const got = await fetch("test", ask(url, { home: "127.0.0.1:1" }));
    assert.equal(got.kind, "refused", `${url}: ${JSON.stringify(got)}`);
    assert.ok(got.kind === "refused" && !got.reason.includes("pw"), "a login is told to nobody");
  }
  assert.deepEqual([heard, looked], [0, ["files.example"]]);
});

test("Of several addresses of a name only public ones are connected to", async () => {
  const resolve: Resolver = (_hostname, _options, answer) => {
    answer(null, [
      { address: "10.0.0.1", family: 4 },
      { address: "2606:50c0:8000::153", family: 6 },
    ]);
  };
  const got = await systemFileFetch({}, resolve).fetch(
    "test",
    ask("https://files.example/", { timeoutMs: 300 }),
  );
  assert.equal(got.kind, "unreachable", "it is tried: no network is no refusal");
});

test("A redirect is an answer, and is not followed", async (t) => {
  const home = await serve(t, (_request, response) => {
    response.writeHead(302, { location: "http://169.254.169.254/" }).end("moved");
  });
  const got = await systemFileFetch().fetch("test", ask(`http://${home}/`, { home }));
  assert.ok(got.kind === "response");
  assert.deepEqual(
    [got.status, got.headers["location"], got.bytes.length],
    [302, "http://169.254.169.254/", 0],
  );
});

test("What is too big is left alone: told by its length, or once it is", async (t) => {
  const closed = Promise.withResolvers<void>();
  const home = await serve(t, ({ url }, response) => {
    if (url === "/told") response.writeHead(200, { "content-length": "1001" });
    else response.on("close", closed.resolve);
    const pour = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(600)));
      if (!response.destroyed) response.once("drain", pour);
    };
    if (url === "/told") response.flushHeaders();
    else pour();
  });
  for (const path of ["told", "endless"]) {
    const got = await systemFileFetch().fetch("test", ask(`http://${home}/${path}`, { home }));
    assert.deepEqual(got, { kind: "refused", reason: "it has more than 1000 bytes" });
  }
  await closed.promise;
});

test("Whoever drips is left when the time is up, with a reason that holds no secret", async (t) => {
  const home = await serve(t, (_request, response) => {
    const drip = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(drip));
  });
  const got = await systemFileFetch().fetch(
    "test",
    ask(`http://${home}/?jwt=s3cret`, { home, timeoutMs: 200 }),
  );
  assert.deepEqual(got, { kind: "unreachable", reason: `${home} did not answer: it took too long` });
});
