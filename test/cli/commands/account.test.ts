/** `account login`: the program's own login, in the account's home, behind the walls of its agents. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { TerminalSpec } from "../../../system/terminal.ts";
import { NO_SANDBOX } from "../../agents/sandbox/walled.ts";
import { chargehand, type Ended } from "../scripted-daemon.ts";

interface Scene {
  readonly folder: string;
  readonly ran: TerminalSpec[];
  login(name: string): Promise<Ended>;
}

function scene(t: TestContext, isolation: string): Scene {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-login-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "op/.codex"), { recursive: true });
  writeFileSync(join(folder, "op/.codex/auth.json"), "{}");
  const file = join(folder, "chargehand.yaml");
  writeFileSync(
    file,
    `data_dir: data
isolation: ${isolation}
accounts: { second: { backend: codex, home: second-home, env: { TOKEN: t } } }
agents:
  dev: { backend: codex, accounts: [second] }
  plain: { backend: codex }
  script: { backend: command, argv: [./fix] }
`,
  );
  const ran: TerminalSpec[] = [];
  const env = { PATH: "/usr/bin:/bin", HOME: join(folder, "op"), SECRET: "s3cret" };
  const onTerminal = async (spec: TerminalSpec): Promise<number> => {
    ran.push(spec);
    return 4;
  };
  const login: Scene["login"] = (name) =>
    chargehand(["account", "login", name, "--config", file], env, 100, onTerminal);
  return { folder, ran, login };
}

test("the program's login runs in the account's home, and its exit code is the command's", async (t) => {
  const { folder, ran, login } = scene(t, "none");
  assert.equal((await login("second")).code, 4);
  const [{ argv, cwd, env } = assert.fail("nothing ran")] = ran;
  assert.deepEqual([argv, cwd, env["HOME"]], [["codex", "login"], join(folder, "second-home"), cwd]);
  assert.deepEqual([env["TOKEN"], env["SECRET"]], ["t", undefined]);
  assert.equal(statSync(cwd).mode & 0o777, 0o700);
});

test("inside walls a default account has a home of its own, which begins with the login of before", {
  skip: NO_SANDBOX,
}, async (t) => {
  const { folder, ran, login } = scene(t, "sandbox");
  assert.equal((await login("codex")).code, 4);
  const [{ argv, cwd } = assert.fail("nothing ran")] = ran;
  assert.equal(cwd, join(folder, "data/homes/codex"));
  assert.deepEqual([argv.includes("bwrap"), argv.slice(-2)], [true, ["codex", "login"]]);
  assert.equal(readFileSync(join(cwd, ".codex/auth.json"), "utf8"), "{}");
});

test("an account that nobody uses, and one of a command, are refused with what is so", async (t) => {
  const { ran, login } = scene(t, "none");
  const unknown = await login("thrid");
  assert.deepEqual([unknown.code, ran], [1, []]);
  assert.match(unknown.err, /no agent uses the account thrid; known are second, codex, command:script/);
  assert.match((await login("command:script")).err, /is the account of a command agent/);
});
