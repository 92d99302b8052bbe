/** I12: a token for a remote over HTTPS stands in no argument and no environment, nor anywhere that an agent reads. */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { serveTls } from "../../system/proxy.ts";
import { must, mustPublish, open, PUSH, withRepositories } from "./repositories.ts";
import { serveGit } from "./serve-git.ts";

const TOKEN = "token-that-nobody-may-see";

/** What of any process shows the token: command lines and environments. */
function exposed(): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    return ["cmdline", "environ"].flatMap((file) => {
      try {
        const text = readFileSync(`/proc/${pid}/${file}`, "latin1");
        return text.includes(TOKEN) ? [`${file}: ${text.replaceAll("\0", " ")}`] : [];
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return [];
      }
    });
  });
}

test("I12: with a token over HTTPS, fetch and push work, and no process and no file of a task shows it", (t) =>
  withRepositories(async ({ folder, spec, git, remote, agent }) => {
    const seen: string[] = [];
    git(remote, "config", "http.receivepack", "true");
    const { host, authority } = await serveTls(
      t,
      serveGit(folder, (password) => {
        seen.push(...exposed());
        return password === TOKEN;
      }),
    );
    const credentialFor = async () => ({ username: "x-access-token", password: TOKEN });
    const workspaces = open(folder, undefined, { credentialFor, env: { GIT_SSL_CAINFO: authority } });
    const task = spec("SHOP-1", { cloneUrl: `https://${host}/shop.git` });
    const watching = setInterval(() => seen.push(...exposed()), 3);
    t.after(() => clearInterval(watching));
    const workspace = must(await workspaces.prepare(task));
    agent(workspace.directory, "echo a > a; git add -A; git commit -qm a");
    const { branch, commit } = mustPublish(await workspaces.publish(task, workspace, PUSH));
    clearInterval(watching);
    assert.equal(git(remote, "rev-parse", branch), commit);
    assert.deepEqual(seen, []);
    assert.throws(() => execFileSync("grep", ["-r", TOKEN, join(folder, "data")], { stdio: "pipe" }));
    assert.doesNotMatch(readFileSync(join(workspace.directory, ".git/config"), "utf8"), /https|remote/);
  }));

test("I12: the watch of that test sees a token where there is one", () => {
  const child = spawn("sleep", ["60"], { env: { PATH: process.env["PATH"], SECRET: TOKEN } });
  try {
    assert.equal(exposed().length, 1);
  } finally {
    child.kill("SIGKILL");
  }
});
