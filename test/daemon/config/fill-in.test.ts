/** `${VARIABLE}` anywhere in a text, and `file:PATH` where a secret is expected. */

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { printProblem } from "../../../daemon/config/file.ts";
import { reading } from "./reading.ts";
import { refuses } from "./refusals.ts";

const { load, problems, path, write } = reading();

test("variables are filled in anywhere in a text, and a doubled dollar is a literal one", async () => {
  const text = `data_dir: "\${ROOT}/data"\nagents: { a: { backend: command, argv: [sh, -c, "echo $\${HOME} $HOME \${ROOT}"] } }\n`;
  const { config } = await load(text, { ROOT: "/srv/x" });
  assert.equal(config.dataDir, "/srv/x/data");
  assert.equal(config.agents["a"]?.argv[2], `echo \${HOME} $HOME /srv/x`);
});

test("a secret may be text, a variable, a file, or a list of them, and loses the newline at its end", async () => {
  await write("hook-secret", "from-file\r\n");
  const text = `data_dir: d
sources:
  github: { secret: ["plain-secret", "\${HOOK}", "file:hook-secret"], token: "file:\${DIR}/hook-secret", account: robot }
  plane: { secret: plane-secret, token: plane-token, api_url: https://plane.example.org/, workspace: acme }
`;
  const { config, secrets } = await load(text, { HOOK: "from-env", DIR: path("") });
  assert.deepEqual(config.sources["github"], {
    secret: ["plain-secret", "from-env", "from-file"],
    token: "from-file",
    api_url: "https://api.github.com",
    account: "robot",
  });
  assert.deepEqual(config.sources["plane"], {
    secret: ["plane-secret"],
    token: "plane-token",
    api_url: "https://plane.example.org",
    workspace: "acme",
  });
  assert.deepEqual(
    new Set(secrets),
    new Set(["plain-secret", "from-env", "from-file", "plane-secret", "plane-token"]),
  );
});

test("an empty or unreadable secret file is a problem that names it", async () => {
  await write("empty", "\n");
  await mkdir(path("directory"), { recursive: true });
  const found = await problems(
    "data_dir: d\nsources: { github: { secret: [file:empty, file:directory] } }\n",
  );
  const messages = found.map(printProblem);
  assert.equal(messages.length, 2);
  assert.match(messages[0] ?? "", /secret\[0\]: the secret file .*empty is empty/);
  assert.match(messages[1] ?? "", /secret\[1\]: the secret file .*directory cannot be read/);
});

refuses([
  {
    line: 4,
    text: `  github: { secret: "\${NOT_SET}" }`,
    path: "sources.github.secret",
    says: /variable NOT_SET is not set/,
  },
  {
    line: 4,
    text: `  github: { secret: ["\${}"] }`,
    path: "sources.github.secret[0]",
    says: /is not the name of an environment variable/,
  },
  {
    line: 4,
    text: "  github: { secret: file:nowhere }",
    path: "sources.github.secret",
    says: /nowhere does not exist/,
  },
  {
    line: 4,
    text: "  github: { secret: 'file:' }",
    path: "sources.github.secret",
    says: /needs the path of a file/,
  },
]);
