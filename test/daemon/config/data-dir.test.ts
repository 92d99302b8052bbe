/** Where the data is: read without a parser where that is safe, and never otherwise than by it. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseDocument } from "yaml";
import { findDataDir, readPlainly } from "../../../daemon/config/data-dir.ts";
import { printProblem } from "../../../daemon/config/file.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-data-dir-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("the data directory is found although the secrets are not in the caller's environment", async () => {
  const path = join(folder, "chargehand.yaml");
  await writeFile(path, `data_dir: data\nsources: { github: { secret: "\${NOT_HERE}" } }\n`);
  assert.deepEqual(await findDataDir({ path, env: {} }), { kind: "ok", dataDir: join(folder, "data") });
});

const PLAIN: readonly string[] = [
  "data_dir: /var/lib/chargehand\n",
  "data_dir: ./data",
  "data_dir:   ../data   # beside it\nserver: {}\n",
  'data_dir: "/srv/data"\n',
  "data_dir: '/srv/data'\r\nserver: {}\r\n",
  "# data_dir: /old\nserver:\n  webhooks: { port: 1 }\n\ndata_dir: /srv/data\n\n  # a remark\nprojects: []\n",
  "data_dir: /srv/data\nagents:\n  a:\n    data_dir: /other\n",
  "---\ndata_dir: /srv/data-1\n",
  "data_dir: /srv/data\n# data_dir: /other\n",
];
for (const text of PLAIN) {
  test(`${JSON.stringify(text)} needs no parser, which would read the same`, () => {
    const tree: unknown = parseDocument(text).toJS();
    assert.ok(typeof tree === "object" && tree !== null && "data_dir" in tree);
    assert.equal(readPlainly(text), tree.data_dir);
  });
}

const NEEDS_PARSER: readonly string[] = [
  "data_dir: data\n",
  "data_dir: ${HOME}/data\n",
  "data_dir: /srv/data\n  and more\n",
  "data_dir: /srv/data\n\n  and more\n",
  "data_dir: /srv/data\ndata_dir: /other\n",
  "data_dir: /srv/data\n'data_dir': /other\n",
  "data_dir: /srv/data#1\n",
  "data_dir: /srv/two words\n",
  'data_dir: "/srv/\\x41"\n',
  "data_dir: \"/srv/data'\n",
  "data_dir: /srv/a: b\n",
  "data_dir: |\n  /srv/data\n",
  "data_dir:\n  /srv/data\n",
  "data_dir: &here /srv/data\n",
  "data_dir : /srv/data\n",
  "{ data_dir: /srv/data }\n",
  " data_dir: /srv/data\n",
  "server: {}\n",
  "",
];
for (const text of NEEDS_PARSER) {
  test(`${JSON.stringify(text)} is left to the parser`, () => assert.equal(readPlainly(text), null));
}

test("what the parser reads is filled in, and what is wrong has its place", async () => {
  const path = join(folder, "spelled.yaml");
  const find = async (text: string): Promise<string> => {
    await writeFile(path, text);
    const found = await findDataDir({ path, env: { ROOT: "/srv" } });
    return found.kind === "ok" ? found.dataDir : found.problems.map(printProblem).join("\n");
  };
  assert.equal(await find("data_dir: ${ROOT}/data\n"), "/srv/data");
  assert.equal(await find("server: {}\ndata_dir: ./data\n"), join(folder, "data"));
  assert.equal(
    await find("server: {}\ndata_dir: ${NOWHERE}/data\n"),
    `${path}:2:11: data_dir: the environment variable NOWHERE is not set`,
  );
  assert.equal(await find("data_dir: 7\n"), `${path}:1:11: data_dir: must be the path of a folder`);
  assert.match(await find("data_dir: [\n"), /spelled\.yaml:\d+:\d+: /);
});
