/** What of the daemon's environment reaches its git: proxies, and the certificates that Node was given. */

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gitEnvironment } from "../../daemon/git-environment.ts";
import { systemFiles } from "../../system/files.ts";
import { serveTls, startProxy } from "../system/proxy.ts";

const moduleAt = (path: string): string => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);

test("git asks a forge by the proxy of the environment, and trusts the authorities that Node was given", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-git-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=T", "-c", "user.email=t@localhost", ...args], {
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=main");
  git("commit", "--quiet", "--allow-empty", "-m", "Begin");
  git("update-server-info");
  const { host, authority } = await serveTls(t, (request, response) => {
    const path = join(
      folder,
      ".git",
      new URL(request.url ?? "/", "http://x").pathname.replace("/shop.git", ""),
    );
    createReadStream(path)
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  const proxy = await startProxy(t);
  const ask = async (env: Record<string, string>): Promise<string> => {
    const script = `
      const { gitEnvironment } = await import(${moduleAt("daemon/git-environment.ts")});
      const { createGit } = await import(${moduleAt("forges/git/git.ts")});
      const { systemCommands } = await import(${moduleAt("system/commands.ts")});
      const { systemFiles } = await import(${moduleAt("system/files.ts")});
      const environment = await gitEnvironment(systemFiles(), ${JSON.stringify(folder)}, process.env);
      const identity = { name: "T", email: "t@localhost" };
      const secretsDirectory = ${JSON.stringify(join(folder, "secrets"))};
      const given = { commands: systemCommands(), files: systemFiles(), environment, identity, secretsDirectory };
      const url = "https://${host}/shop.git";
      const words = (address) => ["ls-remote", address, "refs/heads/main"];
      const asked = await createGit(given).ask(${JSON.stringify(join(folder, ".git"))}, url, words);
      console.log(asked.ok ? asked.stdout : asked.said);`;
    const options = { env: { PATH: process.env["PATH"], HOME: folder, ...env } };
    const node = ["--input-type=module", "--eval", script];
    return (await promisify(execFile)(process.execPath, node, options)).stdout.trim();
  };
  assert.match(await ask({}), /certificate/);
  const head = `${git("rev-parse", "HEAD").trim()}\trefs/heads/main`;
  const trusting = { NODE_EXTRA_CA_CERTS: authority };
  assert.equal(await ask(trusting), head);
  assert.deepEqual(proxy.asked, []);
  assert.equal(await ask({ ...trusting, https_proxy: proxy.url }), head);
  assert.ok(
    proxy.asked.length > 0 && proxy.asked.every((line) => line === `CONNECT ${host}`),
    proxy.asked.join(),
  );
  const before = proxy.asked.length;
  assert.equal(await ask({ ...trusting, https_proxy: proxy.url, no_proxy: "127.0.0.1" }), head);
  assert.equal(proxy.asked.length, before);
});

test("without certificates of the operator, or with git's own variable, nothing is written", async () => {
  for (const env of [{}, { NODE_EXTRA_CA_CERTS: "/a.pem", GIT_SSL_CAINFO: "/b.pem" }]) {
    assert.equal(await gitEnvironment(systemFiles(), "/nowhere/at/all", env), env);
  }
});
