/** The log: one JSON line per move on stderr, without secrets. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import test from "node:test";

const LOG = JSON.stringify(new URL("../../system/log.ts", import.meta.url).href);

/** The arguments for Node that log in a process of their own, because the log has no other way out than stderr. */
function logging(options: object, lines: string): string[] {
  const script = `import { createLog } from ${LOG}; const log = createLog(${JSON.stringify(options)}); ${lines}`;
  return ["--input-type=module-typescript", "-e", script];
}

function logged(options: object, ...lines: readonly string[]): { stdout: string; stderr: string } {
  const result = spawnSync(process.execPath, logging(options, lines.join("\n")), { encoding: "utf8" });
  assert.equal(result.status, 0, result.stderr);
  return result;
}

test("A line is one JSON object on stderr with its event and fields; lower levels are silent", () => {
  const { stdout, stderr } = logged(
    { pretty: false, level: "info", redact: [] },
    'log.debug({ event: "test.hidden" });',
    'log.info({ event: "job.claimed", job: 7, word: "two\\nlines" });',
    'log.error({ event: "job.failed" });',
  );
  assert.equal(stdout, "");
  const lines = stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ time, ...rest }) => [Number.isNaN(Date.parse(time)), rest]),
    [
      [false, { level: 30, event: "job.claimed", job: 7, word: "two\nlines" }],
      [false, { level: 50, event: "job.failed" }],
    ],
  );
});

/** Among them two of which one begins with the other, the shorter first. */
const SECRETS = ["s3cret", "s3cret-t0ken", 's3c"quoted\\n', "p@ss/w0rd", "tiny"];

for (const pretty of [false, true]) {
  test(`I12: a ${pretty ? "pretty" : "plain"} log holds no secret, in whatever field and however spelled`, () => {
    const { stderr } = logged(
      { pretty, level: "info", redact: SECRETS },
      `const [short, long, quoted, odd, tiny] = ${JSON.stringify(SECRETS)};`,
      'log.info({ event: "test.plain", task: short, deep: { list: [long, `before ${quoted} after`] }, [long]: 1 });',
      'log.warn({ event: "test.url", url: `http://x:${encodeURIComponent(odd)}@host/${odd}` });',
      'log.error({ event: "test.error", err: new Error(`no ${long}`), word: tiny, words: `${tiny}ness` });',
    );
    for (const event of ["test.plain", "test.url", "test.error"]) assert.ok(stderr.includes(event), event);
    assert.doesNotMatch(stderr, /s3c|t0ken|p@ss|p%40ss|w0rd|quoted/);
    assert.match(stderr, /before \[secret\] after/);
    assert.doesNotMatch(stderr, /\btiny\b/);
    assert.match(stderr, /tinyness/, "within others so short a word would black out ordinary text");
  });
}

test("on a terminal, too, a line of the log is one line, whatever its fields hold", () => {
  const { stderr } = logged(
    { pretty: true, level: "info", redact: [] },
    'log.info({ event: "job.claimed", job: 7, deep: { list: [1, 2] }, reason: "no room" });',
    'log.warn({ event: "run.unpublished", run: "01j" });',
  );
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines.length, 2, stderr);
  assert.match(lines[0] ?? "", /job\.claimed.*"job":7.*no room/);
});

test("A log whose reader is gone does not end its daemon", async (t) => {
  const lines = `process.stdin.once("data", () => {
    for (let n = 0; n < 3; n += 1) log.info({ event: "test.unheard" });
    setTimeout(() => process.exit(7), 50);
  });`;
  const options = { pretty: false, level: "info", redact: [] };
  const child = spawn(process.execPath, logging(options, lines), { stdio: ["pipe", "ignore", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  assert.ok(child.stderr !== null && child.stdin !== null);
  child.stderr.destroy();
  child.stdin.write("go\n");
  assert.deepEqual(await once(child, "exit"), [7, null]);
});

test("I12: an adjusted log has the new level, leaves new secrets out, and still the old ones", () => {
  const { stderr } = logged(
    { pretty: false, level: "info", redact: ["first-secret"] },
    'log.adjust("warn", ["second-secret"]);',
    'log.info({ event: "test.hidden" });',
    'log.warn({ event: "test.shown", a: "first-secret", b: "second-secret" });',
    'log.adjust("debug", []);',
    'log.debug({ event: "test.debug" });',
  );
  const lines = stderr.trimEnd().split("\n");
  const [shown, debug] = lines.map((line) => JSON.parse(line));
  assert.equal(lines.length, 2);
  assert.deepEqual([shown.event, shown.a, shown.b], ["test.shown", "[secret]", "[secret]"]);
  assert.equal(debug.event, "test.debug");
});
