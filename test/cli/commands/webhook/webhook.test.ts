/** `webhook test` and `webhook send`: a real configuration, real payloads, a listener that checks signatures. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { githubSource } from "../../../../handlers/github/webhook.ts";
import { planeSource } from "../../../../handlers/plane/webhook.ts";
import { chargehand, type Ended } from "../../scripted-daemon.ts";

const ROOT = new URL("../../../../", import.meta.url);
const LABELED = fileURLToPath(new URL("cli/demo/github-issues-labeled.json", ROOT));
const UPDATED = fileURLToPath(new URL("cli/demo/plane-issue-updated.json", ROOT));
const SECRETS = { github: "a-github-secret-of-tests", plane: "plane_wh_00000000000000000000" };

let folder = "";
const came: { source: string; genuine: boolean; event: string; delivery: string | null }[] = [];
const listener = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const raw = Buffer.concat(parts);
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  const name = request.url?.split("/").at(-1);
  const source = name === "github" ? githubSource([SECRETS.github]) : planeSource([SECRETS.plane]);
  const genuine = source.verify(raw, header) && source.refuse(header) === null;
  const payload: unknown = JSON.parse(raw.toString());
  const event = source.event(header, payload as Record<string, unknown>);
  came.push({ source: source.name, genuine, event, delivery: source.headerId(header) });
  const reply = genuine ? { status: "accepted", delivery: 7 } : { status: "bad_signature", delivery: null };
  response.writeHead(genuine ? 202 : 401, { "content-type": "application/json" }).end(JSON.stringify(reply));
});

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-webhook-"));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const config = `data_dir: ${folder}/data
server: { webhooks: { host: 127.0.0.1, port: ${port} } }
sources:
  github: { secret: ${SECRETS.github} }
  plane: { secret: ${SECRETS.plane} }
agents:
  scripted: { backend: command, argv: ["true"], prompt: stdin }
projects:
  - name: shop
    prefix: SHOP
    repo: Codertocat/Hello-World
    clone_url: ${folder}/shop.git
    base_branch: main
    plane_project: 22b6fc9c-1849-45da-b103-52a3e3a6b4c1
    workflow: single
    agent: scripted
    publish: none
    start: { labels: [bug], states: [In Progress], commands: [/agent] }
`;
  await writeFile(join(folder, "chargehand.yaml"), config);
  await writeFile(
    join(folder, "strict.yaml"),
    config.replace("    start:", "    trust: { bots: [], github: [] }\n    start:"),
  );
  await writeFile(join(folder, "other.yaml"), config.replace("labels: [bug]", "labels: [agent]"));
});
after(async () => {
  listener.close();
  listener.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], config = "chargehand.yaml"): Promise<Ended> =>
  chargehand(["webhook", ...args, "--config", join(folder, config)]);

test("F8: what a label would start is told with its rule and with who may; nothing is sent", async () => {
  const { out, code } = await run(["test", LABELED, "--source", "github", "--event", "issues"]);
  assert.equal(code, 0);
  assert.match(
    out,
    /^github issues, by the configuration alone: no daemon is running on .*\n {2}project shop: start task “Spelling error in the README file”, because of label bug\n/,
  );
  assert.match(out, /Codertocat may do that: .*OWNER/);
  assert.deepEqual(came, []);
});

test("whoever is not proven is unknown without a look-up, and untrusted where nobody can be asked", async () => {
  const unproven = await run(["test", LABELED, "--source", "github", "--event", "issues"], "strict.yaml");
  assert.match(unproven.out, /Codertocat is not known to be trusted \(--ask looks it up\)/);
  const args = ["test", LABELED, "--source", "github", "--event", "issues", "--ask", "--json"];
  const { wishes } = JSON.parse((await run(args, "strict.yaml")).out);
  assert.deepEqual(
    [wishes[0].trust, wishes[0].project],
    ["untrusted", "shop"],
    "there is no token to ask with",
  );
});

test("what starts nothing says why, as the inbox would", async () => {
  const { out } = await run(["test", LABELED, "--source", "github", "--event", "issues"], "other.yaml");
  assert.match(out, /would be ignored: .*bug/);
  const pushed = JSON.parse(
    (await run(["test", LABELED, "--source", "github", "--event", "star", "--json"])).out,
  );
  assert.equal(pushed.result, "ignored");
});

test("a file that says too little is refused with what to give", async () => {
  const nothing = await run(["test", LABELED]);
  assert.deepEqual([nothing.code, nothing.out], [2, ""]);
  assert.match(nothing.err, /of which source is it\?\n {2}give --source: github, plane/);
  assert.match((await run(["test", LABELED, "--source", "github"])).err, /give --event/);
  assert.match((await run(["test", LABELED, "--source", "gitlab", "--event", "x"])).err, /no source gitlab/);
  assert.equal((await run(["test", join(folder, "none.json")])).code, 4);
  await writeFile(join(folder, "list.json"), "[]");
  assert.equal((await run(["send", join(folder, "list.json"), "--source", "github"])).code, 2);
  assert.deepEqual(came, []);
});

test("what is sent is signed as its source signs, with a fresh delivery id or the one that is given", async () => {
  const sent = await run(["send", LABELED, "--source", "github", "--event", "issues"]);
  assert.deepEqual(
    [sent.code, sent.out],
    [0, "202 accepted; what becomes of it: chargehand deliveries show 7\n"],
  );
  await run(["send", LABELED, "--source", "github", "--event", "issues", "--delivery", "d-1"]);
  await run(["send", UPDATED, "--source", "plane"]);
  const [fresh, given, plane] = came.splice(0);
  assert.deepEqual([fresh?.genuine, fresh?.event], [true, "issues"]);
  assert.match(fresh?.delivery ?? "", /^\w{16,}$/);
  assert.deepEqual(given, { source: "github", genuine: true, event: "issues", delivery: "d-1" });
  assert.deepEqual([plane?.source, plane?.genuine, plane?.event], ["plane", true, "issue"]);
});

test("a refusal of the listener is shown with exit code 5, silence with 3, and no secret is", async () => {
  const wrong = join(folder, "wrong.yaml");
  const { readFile } = await import("node:fs/promises");
  await writeFile(
    wrong,
    (await readFile(join(folder, "chargehand.yaml"), "utf8")).replace(
      SECRETS.github,
      "another-secret-of-tests",
    ),
  );
  const refused = await run(["send", LABELED, "--source", "github", "--event", "issues"], "wrong.yaml");
  assert.deepEqual([refused.code, refused.out], [5, "401 bad_signature\n"]);
  const silent = await run([
    "send",
    LABELED,
    "--source",
    "github",
    "--event",
    "issues",
    "--url",
    "http://127.0.0.1:1",
  ]);
  assert.equal(silent.code, 3);
  for (const { out, err } of [refused, silent]) assert.ok(!`${out}${err}`.includes("secret-of-tests"));
});
