/** Git over HTTPS by a GitHub App alone: fetches and pushes with its tokens, which end and are revoked. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeCloneAccess } from "../../../daemon/outside/clone-access.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { must, mustPublish, open, PUSH, withRepositories } from "../../forges/git/repositories.ts";
import { serveGit } from "../../forges/git/serve-git.ts";
import { startGithub } from "../../proof/github/start.ts";
import { serveTls } from "../../system/proxy.ts";

const KEYS = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pem = (key: typeof KEYS.privateKey): string => key.export({ type: "pkcs8", format: "pem" }).toString();
const publicKey = KEYS.publicKey.export({ type: "spki", format: "pem" }).toString();

/** The scripted GitHub with an App, and its git, which takes the tokens that it has given and that are still good. */
async function scene(t: TestContext, root: string, repos: readonly string[] = ["acme/shop"]) {
  const app = {
    id: 42,
    slug: "chargehand",
    publicKey,
    grants: { contents: "write", metadata: "read" },
  } as const;
  const github = await startGithub({ app: { ...app, installations: new Map([[7, repos]]) } });
  t.after(() => github.close());
  const isGood = (password: string): boolean => {
    const token = github.world.tokens.get(password);
    return token?.kind === "installation" && (token.expiresAt ?? 0) > github.world.now();
  };
  const asked: string[] = [];
  const { host, authority } = await serveTls(
    t,
    serveGit(root, (password) => {
      if (password !== "") asked.push(password);
      return isGood(password);
    }),
  );
  const [clock, bare, secrets] = [systemClock(), systemHttp(), new Set<string>()];
  // The API has the name of the host that keeps the code, as every enterprise server's has.
  const http: typeof bare = {
    request: (operation, request) =>
      bare.request(operation, { ...request, url: request.url.replace(`https://${host}/api/v3`, github.api) }),
  };
  const own = {
    secret: ["s"],
    api_url: `https://${host}/api/v3`,
    app: { id: "42", private_key: pem(KEYS.privateKey) },
  };
  const credentialFor = makeCloneAccess(() => ({ github: own }), {
    ...{ http, clock },
    secret: (one) => secrets.add(one),
  });
  return { github, host, authority, credentialFor, asked, secrets };
}

test("an App alone fetches and pushes, and one whose token is refused has another, once", (t) =>
  withRepositories(async ({ folder, spec, git, remote, agent }) => {
    execFileSync("sh", ["-c", 'mkdir "$1/acme" && ln -s "$2" "$1/acme/shop.git"', "sh", folder, remote]);
    git(remote, "config", "http.receivepack", "true");
    const { github, host, authority, credentialFor, asked, secrets } = await scene(t, folder);
    const workspaces = open(folder, undefined, { credentialFor, env: { GIT_SSL_CAINFO: authority } });
    const task = spec("SHOP-1", { cloneUrl: `https://${host}/acme/shop.git` });
    const workspace = must(await workspaces.prepare(task));
    agent(workspace.directory, "echo a > a; git add -A; git commit -qm a");
    const [first = ""] = asked;
    assert.ok(first.startsWith("ghs_") && asked.every((one) => one === first), "one token for all of it");
    // Somebody has it renewed there, in the middle of the hour.
    github.world.tokens.delete(first);
    const { branch, commit } = mustPublish(await workspaces.publish(task, workspace, PUSH));
    assert.equal(git(remote, "rev-parse", branch), commit);
    assert.equal(new Set(asked).size, 2);
    assert.deepEqual(new Set(asked), secrets, "I12: each is known to the log before it is used");
    for (const token of secrets)
      assert.throws(() => execFileSync("grep", ["-r", token, join(folder, "data")], { stdio: "pipe" }));
    assert.deepEqual(github.violations, []);
  }));

test("a repository in which it is not installed is told, with the reason of its host", (t) =>
  withRepositories(async ({ folder, spec }) => {
    const { host, authority, credentialFor } = await scene(t, folder, []);
    const workspaces = open(folder, undefined, { credentialFor, env: { GIT_SSL_CAINFO: authority } });
    const failed = await workspaces.prepare(spec("SHOP-1", { cloneUrl: `https://${host}/acme/shop.git` }));
    assert.match(
      failed.kind === "failed" ? failed.reason : "",
      /fetch of branch .* failed: GitHub answered 404/,
    );
  }));

test("another host, and an address that is no repository, is told nothing", async (t) => {
  const { host, credentialFor, asked } = await scene(t, "/nowhere");
  for (const address of [
    "https://evil.example.org/acme/shop.git",
    `https://${host}/shop`,
    "git@github.com:a/b",
  ])
    assert.equal(await credentialFor(address, null), null, address);
  assert.deepEqual(asked, []);
});

test("a token of the settings is said as it is, whatever was refused", async () => {
  const net = { http: systemHttp(), clock: systemClock() };
  const github = { secret: ["s"], api_url: "https://api.github.com", token: "t" };
  const credentialFor = makeCloneAccess(() => ({ github }), net);
  const known = { username: "x-access-token", password: "t" };
  assert.deepEqual(await credentialFor("https://github.com/acme/shop.git", known), known);
});
