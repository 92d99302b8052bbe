/** The images of a task: fetched within bounds, kept for its later runs, given to each as files. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Answer } from "../../../forges/api/answer.ts";
import { giveImages } from "../../../forges/images/fetch.ts";
import type { ImageLink, ImagesAsk } from "../../../forges/images/images.ts";
import { systemFileFetch } from "../../../system/fetch/file.ts";
import { systemFiles } from "../../../system/files.ts";
import { IMAGE_BYTES_MAX, IMAGES_MS } from "../../../workflow/outside/context.ts";
import { serve } from "../../system/served.ts";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n and so on", "latin1");
const AT = { place: "acme/shop", id: "1" };

async function scene(t: TestContext, listener: RequestListener) {
  const root = mkdtempSync(join(tmpdir(), "chargehand-images-"));
  t.after(() => rmSync(root, { recursive: true }));
  const host = await serve(t, listener);
  const found: string[] = [];
  const answers = new Map<string, Answer<ImageLink>>();
  const ask: ImagesAsk = {
    within: () => [],
    beside: async () => ({ kind: "ok", value: [] }),
    async find(_at, { name }) {
      found.push(name);
      now += takes.ms;
      return (
        answers.get(name) ?? { kind: "ok", value: { url: `http://${host}/${name}?jwt=s3cret`, home: host } }
      );
    },
  };
  const takes = { ms: 0 };
  let now = 0;
  const folders = { kept: join(root, "kept"), given: join(root, "given") };
  return {
    ...{ root, host, found, answers, folders },
    takes,
    async give(...names: readonly string[]) {
      found.length = 0;
      const ports = { fetch: systemFileFetch(), files: systemFiles(), clock: { monotonic: () => now } };
      const images = names.map((name) => ({ name, by: "olga", at: 1, comment: null }));
      const given = await giveImages(ports, { ask, at: AT }, folders, images);
      return given.map((one) => (one.kind === "given" ? one.file.slice(root.length) : one.reason));
    },
  };
}

test("A later run is given the same files without anybody being asked again", async (t) => {
  const { give, root, found } = await scene(t, (_request, response) => response.end(PNG));
  assert.deepEqual(await give("a", "b"), ["/given/image-1.png", "/given/image-2.png"]);
  const file = join(root, "given/image-1.png");
  assert.deepEqual([readFileSync(file), statSync(file).mode & 0o777], [PNG, 0o400]);
  assert.deepEqual(found, ["a", "b"]);
  rmSync(join(root, "given"), { recursive: true });
  assert.deepEqual(await give("a", "b"), ["/given/image-1.png", "/given/image-2.png"]);
  assert.deepEqual([readFileSync(file), found], [PNG, []]);
});

test("What it is called and what its host says of it counts for nothing: its first bytes do", async (t) => {
  const { give } = await scene(t, ({ url }, response) => {
    response.setHeader("content-type", "image/png");
    if (url?.startsWith("/html") === true) response.end("<!doctype html><script>");
    else if (url?.startsWith("/svg") === true) response.end("<svg onload='x'/>");
    else response.setHeader("content-type", "text/html").end(Buffer.from("GIF89a;", "latin1"));
  });
  const none = "it is no PNG, JPEG, GIF or WebP by its first bytes";
  assert.deepEqual(await give("html.png", "svg.png", "real.html"), [none, none, "/given/image-3.gif"]);
});

test("A redirect is followed twice at most, and to nowhere private", async (t) => {
  const targets: Record<string, string> = {
    ...{
      metadata: "http://169.254.169.254/latest/meta-data",
      loop: "/loop",
      once: "/png",
      file: "file:///etc/passwd",
    },
    ...{ local: "https://127.0.0.1:1/", named: "https://localhost/" },
  };
  const { give } = await scene(t, ({ url = "" }, response) => {
    const to = targets[url.slice(1).split("?")[0] ?? ""];
    if (to === undefined) response.end(PNG);
    else response.writeHead(302, { location: to }).end();
  });
  assert.deepEqual(await give("metadata", "local", "named", "file", "loop", "once"), [
    "its address is not encrypted",
    ...["it leads into a private network", "it leads into a private network"],
    ...["its address is not encrypted", "its host answered 302", "/given/image-6.png"],
  ]);
});

test("A huge one is not kept, and all together have a bound, too", async (t) => {
  const full = Buffer.concat([PNG, Buffer.alloc(IMAGE_BYTES_MAX - PNG.length)]);
  const { give, root } = await scene(t, ({ url }, response) => {
    response.end(url?.startsWith("/huge") === true ? Buffer.concat([full, PNG]) : full);
  });
  const told = await give("huge", "b", "c", "d", "e", "f");
  assert.deepEqual(told, [
    `it has more than ${IMAGE_BYTES_MAX} bytes`,
    ...["b", "c", "d", "e"].map((_, at) => `/given/image-${at + 2}.png`),
    "there is no room for it beside the others",
  ]);
  assert.deepEqual(readdirSync(join(root, "kept")).sort(), ["2", "3", "4", "5", "images.json"]);
});

test("What may be had another time is tried again by the next run, and what may not is not", async (t) => {
  let status = 503;
  const { give, found, answers, host, root } = await scene(t, ({ url }, response) => {
    if (url?.startsWith("/gone") === true) response.writeHead(404).end();
    else response.writeHead(status).end(PNG);
  });
  answers.set("none", { kind: "refused", because: "missing", reason: "there is no such thing" });
  answers.set("down", { kind: "unreachable", reason: "nobody answers", neverSent: true });
  assert.deepEqual(await give("busy", "gone", "none", "down"), [
    ...["its host answered 503", "its host answered 404", "there is no such thing", "nobody answers"],
  ]);
  status = 200;
  answers.delete("down");
  const good = [
    "/given/image-1.png",
    "its host answered 404",
    "there is no such thing",
    "/given/image-4.png",
  ];
  assert.deepEqual(await give("busy", "gone", "none", "down"), good);
  assert.deepEqual(found, ["busy", "down"]);
  const list = readFileSync(join(root, "kept/images.json"), "utf8");
  assert.ok(!list.includes("s3cret") && !list.includes(host), "no signed address is kept");
});

test("Whoever is slow takes time from the others, and not from the task", async (t) => {
  const { give, takes } = await scene(t, (_request, response) => {
    const drip = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(drip));
  });
  takes.ms = IMAGES_MS - 200;
  const [slow, next, last] = await give("slow", "next", "last");
  assert.match(slow ?? "", /did not answer: it took too long$/);
  assert.deepEqual([next, last], ["it took too long", "the others have taken too long"]);
});

test("Without walls an agent may have spoilt what is kept: then it is fetched anew", async (t) => {
  const { give, found, root } = await scene(t, (_request, response) => response.end(PNG));
  await give("a", "b");
  rmSync(join(root, "kept/1"));
  writeFileSync(join(root, "kept/2"), "<html>");
  assert.deepEqual(await give("a", "b"), ["/given/image-1.png", "/given/image-2.png"]);
  assert.deepEqual(found, ["a", "b"]);
  for (const list of ["no JSON", '{"a":{"file":"../../etc/passwd"}}', "[]"]) {
    writeFileSync(join(root, "kept/images.json"), list);
    assert.deepEqual(await give("a"), ["/given/image-1.png"]);
    assert.deepEqual(found, ["a"]);
  }
});

test("A task without images has no folder for them", async (t) => {
  const { give, folders } = await scene(t, () => assert.fail("asked"));
  assert.deepEqual([await give(), existsSync(folders.kept)], [[], false]);
});
