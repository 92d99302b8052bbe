/** `chargehand logs`: raw bytes, the newest run of a task, and following across a restart of the daemon. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { chargehand, json, knowing, problem, RUN, scriptedDaemon, TASK } from "../scripted-daemon.ts";

const ID = String(RUN["id"]);
const OLDER = "01jh5x2v8p0000000abc";

test("logs prints the bytes of the run as they are", async () => {
  const text = 'line one\n{"é":"\u001b[31m"}\n';
  const daemon = await scriptedDaemon({
    [`GET /runs/${ID}/log`]: (_request, response) => void response.end(text),
  });
  const ended = await chargehand(["logs", ID], knowing(daemon));
  assert.deepEqual(ended, { code: 0, out: text, err: "" });
  assert.equal(daemon.asked.at(-1)?.line, `GET /api/v1/runs/${ID}/log?offset=0`);
  const document: unknown = JSON.parse(
    (await chargehand(["logs", ID, "--stderr", "--json"], knowing(daemon))).out,
  );
  assert.deepEqual(document, { run: ID, stream: "stderr", bytes: Buffer.byteLength(text), text });
  assert.equal(daemon.asked.at(-1)?.line, `GET /api/v1/runs/${ID}/log?offset=0&stream=stderr`);
  assert.equal((await chargehand(["logs", ID, "--setup"], knowing(daemon))).out, text);
  assert.equal(daemon.asked.at(-1)?.line, `GET /api/v1/runs/${ID}/log?offset=0&stream=setup`);
  assert.equal((await chargehand(["logs", ID, "--setup", "--stderr"], knowing(daemon))).code, 2);
  await daemon.close();
});

test("logs of a task are those of its newest run", async () => {
  const daemon = await scriptedDaemon({
    "GET /tasks/SHOP-12": json({ ...TASK, runs: [{ ...RUN, id: OLDER }, RUN] }),
    "GET /tasks/SHOP-13": json({ ...TASK, key: "SHOP-13", runs: [] }),
    [`GET /runs/${ID}/log`]: (_request, response) => void response.end("newest\n"),
  });
  assert.equal((await chargehand(["logs", "SHOP-12"], knowing(daemon))).out, "newest\n");
  const none = await chargehand(["logs", "SHOP-13"], knowing(daemon));
  assert.equal(none.code, 4);
  assert.match(none.err, /no agent has worked on SHOP-13 yet/);
  await daemon.close();
});

test("an unknown run exits 4", async () => {
  const daemon = await scriptedDaemon({ "GET /runs/nobody/log": problem(404, "there is no run nobody") });
  const ended = await chargehand(["logs", "nobody", "--follow"], knowing(daemon));
  assert.equal(ended.code, 4);
  await daemon.close();
});

test("F2: a followed log goes on from its byte when the daemon breaks off or ends the stream early", async () => {
  const log = Buffer.from("0123456789abcdef\n");
  let connections = 0;
  const daemon = await scriptedDaemon({
    [`GET /runs/${ID}`]: (request, response, body) =>
      json({ ...RUN, finished_at: connections < 3 ? null : "2026-01-15T12:00:00Z" })(request, response, body),
    [`GET /runs/${ID}/log`]: (request, response) => {
      connections += 1;
      const offset = Number(new URL(request.url ?? "", "http://x").searchParams.get("offset"));
      if (connections === 1) {
        response.write(log.subarray(offset, 5), () => response.destroy());
      } else {
        response.end(connections === 2 ? log.subarray(offset, 9) : log.subarray(offset));
      }
    },
  });
  const ended = await chargehand(["logs", ID, "--follow"], knowing(daemon));
  assert.deepEqual(ended, { code: 0, out: log.toString("utf8"), err: "" });
  const offsets = daemon.asked
    .filter(({ line }) => line.includes("/log?"))
    .map(({ line }) => line.replace(/.*\?/, ""));
  assert.deepEqual(offsets, [
    "offset=0&follow=true",
    "offset=5&follow=true",
    "offset=9&follow=true",
    "offset=17",
  ]);
  await daemon.close();
});

test("without --follow, a log that breaks off exits 1", async () => {
  const daemon = await scriptedDaemon({
    [`GET /runs/${ID}/log`]: (_request, response) => void response.write("half", () => response.destroy()),
  });
  const ended = await chargehand(["logs", ID], knowing(daemon));
  assert.deepEqual([ended.code, ended.out], [1, "half"]);
  assert.match(ended.err, /broke off in the middle/);
  await daemon.close();
});

test("A16: --tool prints the lines that call it; a tool that was never called exits 4 and tells which were", async () => {
  const daemon = await scriptedDaemon({
    [`GET /runs/${ID}`]: json({ ...RUN, turns: 0, tools: [{ name: "Bash", calls: 2 }] }),
    [`GET /runs/${ID}/log`]: (request, response) =>
      void response.end(
        new URL(request.url ?? "", "http://x").searchParams.get("tool") === "Bash" ? "a call\n" : "",
      ),
  });
  const found = await chargehand(["logs", ID, "--tool", "Bash"], knowing(daemon));
  assert.deepEqual([found.code, found.out], [0, "a call\n"]);
  assert.equal(daemon.asked.at(-1)?.line, `GET /api/v1/runs/${ID}/log?offset=0&tool=Bash`);
  const none = await chargehand(["logs", ID, "--tool", "Read"], knowing(daemon));
  assert.deepEqual([none.code, none.out], [4, ""]);
  assert.match(none.err, /has called no tool Read\n {2}it has called Bash \(2\)/);
  for (const other of ["--follow", "--stderr", "--setup"])
    assert.equal((await chargehand(["logs", ID, "--tool", "Bash", other], knowing(daemon))).code, 2);
  await daemon.close();
});
