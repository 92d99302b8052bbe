/** One comment, however often it is told (T1). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { comment, ME, type Routes, staged } from "./stage.ts";

const ITEM = { place: "acme/shop", id: "7" };
const COMMENTS = "/repos/acme/shop/issues/7/comments";
const MARK = "<!-- chargehand:task-7 -->";

interface Kept {
  readonly id: number;
  body: string;
  readonly user: object;
}

/** Issue 7, which keeps what it is told. */
function issue(kept: Kept[]): Routes {
  return {
    "GET /user": { status: 200, body: ME },
    [`GET ${COMMENTS}`]: () => ({
      status: 200,
      body: kept.map(({ id, body, user }) => comment(id, body, user)),
    }),
    [`POST ${COMMENTS}`]: ({ body }) => {
      const made = { id: 100 + kept.length, body: String(body["body"]), user: ME };
      kept.push(made);
      return { status: 201, body: comment(made.id, made.body) };
    },
    ...Object.fromEntries(
      [100, 101].map((id) => [
        `PATCH /repos/acme/shop/issues/comments/${id}`,
        ({ body }: { readonly body: Record<string, unknown> }) => {
          const known = kept.find((it) => it.id === id);
          if (known === undefined) return { status: 404, body: { message: "Not Found" } };
          known.body = String(body["body"]);
          return { status: 200, body: comment(id, known.body) };
        },
      ]),
    ),
  };
}

const STRANGER = { login: "mallory", id: 666, type: "User" };

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Bytes that something still refers to. */
function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const told = { mark: "task-7", text: "At work.", known: null };

test("a comment is told once: a call whose answer was lost finds what it has written, and edits it", async () => {
  const kept: Kept[] = [];
  await staged(issue(kept), async ({ github, faults }) => {
    const first = await github.tell.comment(ITEM, told);
    assert.deepEqual(first, { kind: "ok", value: { id: "100", url: "https://github.test/c/100" } });
    assert.equal(kept[0]?.body, `At work.\n\n${MARK}`);
    await github.tell.comment(ITEM, told);
    await github.tell.comment(ITEM, { ...told, text: "Done." });
    await github.tell.comment(ITEM, { ...told, text: "Done, really.", known: "100" });
    assert.deepEqual(
      kept.map(({ body }) => body),
      [`Done, really.\n\n${MARK}`],
    );
    assert.deepEqual(faults, []);
  });
});

test("a mark that somebody has copied, and one that is quoted, are not taken for ours", async () => {
  const kept: Kept[] = [
    { id: 1, body: `mine\n\n${MARK}`, user: { login: "mallory", id: 666 } },
    { id: 2, body: `You said: ${MARK} and more`, user: ME },
  ];
  await staged(issue(kept), async ({ github, calls }) => {
    await github.tell.comment(ITEM, told);
    assert.equal(kept.length, 3, "told anew");
    assert.equal(calls.filter((call) => call.startsWith("PATCH")).length, 0);
  });
});

test("a comment that people have deleted is written anew", async () => {
  const kept: Kept[] = [];
  await staged(issue(kept), async ({ github }) => {
    const again = await github.tell.comment(ITEM, { ...told, known: "101" });
    assert.deepEqual(again.kind === "ok" && again.value.id, "100");
    assert.equal(kept.length, 1);
  });
});

test("a mark and a text that would break out of it, or are too long, stay what they are", async () => {
  const kept: Kept[] = [];
  await staged(issue(kept), async ({ github }) => {
    await github.tell.comment(ITEM, { mark: "a --> <b>", text: "x".repeat(100_000), known: null });
    const body = kept[0]?.body ?? "";
    assert.equal(body.length, 65_536);
    assert.ok(body.endsWith("<!-- chargehand:a%20--%3E%20%3Cb%3E -->"));
    await github.tell.comment(ITEM, { mark: "a --> <b>", text: "x".repeat(100_000), known: null });
    assert.equal(kept.length, 1);
  });
});

test("later pages are looked through, too, by the addresses that GitHub gives, and by no other's", async () => {
  const mine = comment(100, `At work.\n\n${MARK}`);
  const routes: Routes = {
    ...issue([]),
    [`GET ${COMMENTS}`]: ({ url }) => ({
      status: 200,
      body: [comment(1, "hello")],
      headers: { link: `<${url}/repositories/5/issues/7/comments?page=2>; rel="next"` },
    }),
    "GET /repositories/5/issues/7/comments": { status: 200, body: [mine] },
  };
  await staged(routes, async ({ github, calls }) => {
    const found = await github.tell.comment(ITEM, told);
    assert.deepEqual(found.kind === "ok" && found.value.id, "100");
    assert.ok(
      !calls.some((call) => call.startsWith("POST") || call.startsWith("PATCH")),
      "nothing had changed",
    );
  });
  const astray: Routes = {
    ...issue([]),
    [`GET ${COMMENTS}`]: {
      status: 200,
      body: [],
      headers: { link: '<https://evil.test/x?page=2>; rel="next"' },
    },
  };
  await staged(astray, async ({ github }) => {
    assert.equal((await github.tell.comment(ITEM, told)).kind, "ok");
  });
});

test("what strangers have written is not kept while our comment is looked for among it", async () => {
  const [pages, bytes] = [12, 16 * 1_024];
  const page = (number: number): object[] =>
    Array.from({ length: 100 }, (_, at) =>
      comment(1_000 * number + at, `${at}`.padEnd(bytes, "x"), STRANGER),
    );
  const kept: number[] = [];
  const routes: Routes = {
    ...issue([]),
    [`GET ${COMMENTS}`]: ({ url, query }) => {
      const number = Number(query.get("page") ?? 1);
      kept.push(heapUsed());
      const link = `<${url}${COMMENTS}?page=${number + 1}>; rel="next"`;
      return { status: 200, body: page(number), ...(number < pages && { headers: { link } }) };
    },
  };
  await staged(routes, async ({ github }) => {
    assert.equal((await github.tell.comment(ITEM, told)).kind, "ok");
  });
  assert.equal(kept.length, pages);
  // The second request is the first that has a page behind it.
  const grown = (kept.at(-1) ?? 0) - (kept[1] ?? 0);
  assert.ok(grown < 4 * 100 * bytes, `${pages} pages hold ${grown} bytes`);
});

test("seen is a pair of eyes, at the item or at its comment", () =>
  staged(
    {
      "POST /repos/acme/shop/issues/7/reactions": { status: 201, body: { id: 1 } },
      "POST /repos/acme/shop/issues/comments/9/reactions": { status: 200, body: { id: 1 } },
    },
    async ({ github, bodies }) => {
      assert.deepEqual(await github.tell.acknowledge(ITEM, null), { kind: "ok", value: null });
      assert.deepEqual(await github.tell.acknowledge(ITEM, "9"), { kind: "ok", value: null });
      assert.deepEqual(bodies, [{ content: "eyes" }, { content: "eyes" }]);
    },
  ));

test("comments of a whole repository name their issues, and an unchanged list is not read again", () =>
  staged(
    {
      "GET /repos/acme/shop/issues/comments": ({ headers }) =>
        headers["if-none-match"] === 'W/"1"'
          ? { status: 304, body: "" }
          : {
              status: 200,
              body: [
                {
                  ...comment(3, "hi", { login: "alice", id: 5, type: "User" }),
                  issue_url: "https://api.github.test/repos/acme/shop/issues/7",
                },
              ],
              headers: { etag: 'W/"1"' },
            },
    },
    async ({ github, faults }) => {
      const since = github.ask.commentsSince;
      assert.ok(since !== null);
      const first = await since("acme/shop", 0, null);
      assert.ok(first.kind === "ok" && first.value.kind === "fresh");
      const { value, etag } = first.value;
      assert.deepEqual(
        [value.items[0]?.item.id, value.items[0]?.author?.name, value.more],
        ["7", "alice", false],
      );
      assert.deepEqual(await since("acme/shop", 0, etag), { kind: "ok", value: { kind: "unchanged" } });
      assert.deepEqual(faults, []);
    },
  ));
