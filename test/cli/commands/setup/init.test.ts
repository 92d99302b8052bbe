/** `init` from an empty folder or a checkout: what it writes is valid, private, and never over what is there. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Ports } from "../../../../cli/ports.ts";
import { loadConfig } from "../../../../daemon/config/load.ts";
import { KITS, type SourceSettings } from "../../../../handlers/sources.ts";
import { forge, git, type Place, place } from "./place.ts";

const TOKEN = "ghp_0123456789abcdefghij";

interface Scene extends Place {
  readonly target: string;
  readonly file: string;
}

function scene(t: TestContext): Scene {
  const here = place(t);
  here.program("claude", 'echo "2.1.329 (Claude Code)"');
  const target = join(here.folder, "chargehand");
  return { ...here, target, file: join(target, "chargehand.yaml") };
}

async function load(file: string): Promise<Extract<Awaited<ReturnType<typeof loadConfig>>, { kind: "ok" }>> {
  const loaded = await loadConfig({ path: file, env: {} });
  if (loaded.kind === "problems") assert.fail(loaded.problems.map(({ message }) => message).join("\n"));
  return loaded;
}

/** By source, how often it is asked (ms). */
function watchedEvery(sources: SourceSettings): Readonly<Record<string, number | null>> {
  return Object.fromEntries(
    KITS.filter(({ name }) => sources[name] !== undefined).map((kit) => [
      kit.name,
      kit.watched?.everyMs(sources[kit.name]) ?? null,
    ]),
  );
}

const GITHUB = [
  "--clone-url",
  "git@github.com:acme/my-shop.git",
  "--public-url",
  "https://agents.example.org/",
];

test("with --yes and a repository's address a valid configuration is written, with its secrets apart", async (t) => {
  const here = scene(t);
  const env = { ...here.env, GITHUB_TOKEN: TOKEN, ANTHROPIC_API_KEY: "sk-ant-0123456789" };
  const ended = await here.run(["init", here.target, "--yes", "--no-hook", ...GITHUB], { env });
  assert.deepEqual([ended.code, ended.err], [0, ""]);
  const { config, secrets } = await load(here.file);
  const [project] = config.projects;
  assert.deepEqual(
    [project?.name, project?.prefix, project?.repo, project?.cloneUrl, project?.baseBranch],
    ["my-shop", "MS", "acme/my-shop", "git@github.com:acme/my-shop.git", "main"],
  );
  assert.deepEqual(config.agents["developer"]?.env, ["ANTHROPIC_API_KEY"]);
  assert.equal(config.server.publicUrl, "https://agents.example.org");
  assert.equal(secrets.length, 2);
  assert.ok(secrets.includes(TOKEN));
  const text = readFileSync(here.file, "utf8");
  for (const secret of [...secrets, "sk-ant-0123456789"]) assert.ok(!`${text}${ended.out}`.includes(secret));
  for (const name of ["github-webhook", "github-token"])
    assert.equal(statSync(join(here.target, "chargehand.secrets", name)).mode & 0o777, 0o600);
  assert.equal(statSync(join(here.target, "chargehand.secrets")).mode & 0o777, 0o700);
  assert.match(ended.out, /https:\/\/github\.com\/acme\/my-shop\/settings\/hooks\/new/);
  assert.match(ended.out, /Payload URL +https:\/\/agents\.example\.org\/webhooks\/github/);
  assert.match(ended.out, /chargehand new my-shop/);
});

test("where no webhook reaches the machine, sources are asked instead; without a token nobody is", async (t) => {
  const here = scene(t);
  const address = GITHUB.slice(0, 2);
  const init = (...args: readonly string[]): ReturnType<Place["run"]> =>
    here.run(["init", here.target, "--yes", "--force", ...address, ...args], { env });
  const env: Record<string, string> = { ...here.env, GITHUB_TOKEN: TOKEN };
  const asked = await init();
  assert.match(asked.out, /GitHub is asked every 60s what has happened: no webhook is needed/, asked.err);
  const { config, secrets } = await load(here.file);
  assert.deepEqual([watchedEvery(config.sources), secrets], [{ github: 60_000 }, [TOKEN]]);
  const short = await init("--poll", "5s");
  assert.deepEqual([short.code, /--poll: it must be 10s or more/.test(short.err)], [2, true]);
  const plane = ["--plane-workspace", "acme", "--plane-project", "4f2c", "--poll", "5m"];
  assert.match(
    (await init(...plane)).err,
    /Plane: API token.* is not known\n +say it with --plane-token-file/,
  );
  env["PLANE_TOKEN"] = "plane_api_0123456789";
  assert.match((await init(...plane)).out, /Plane is asked every 5m/);
  assert.deepEqual(watchedEvery((await load(here.file)).config.sources), { github: 300_000, plane: 300_000 });
  for (const name of ["GITHUB_TOKEN", "PLANE_TOKEN"]) delete env[name];
  assert.match((await init("--poll", "60s")).err, /--poll: nobody can be asked without a token/);
  assert.match((await init()).out, /GitHub can neither reach this machine.* nor be asked without a token/);
  assert.deepEqual(watchedEvery((await load(here.file)).config.sources), { github: null });
});

test("the secret is told on a terminal alone, where somebody has to type it in", async (t) => {
  const here = scene(t);
  const ended = await here.run(["init", here.target, "--yes", "--no-hook", ...GITHUB], { width: 80 });
  const secret = readFileSync(join(here.target, "chargehand.secrets/github-webhook"), "utf8").trim();
  assert.ok(secret.length >= 32 && ended.out.includes(secret));
});

test("what is there is not written over without asking", async (t) => {
  const here = scene(t);
  mkdirSync(here.target);
  writeFileSync(here.file, "mine\n");
  const yes = await here.run(["init", here.target, "--yes", ...GITHUB]);
  assert.equal(yes.code, 5);
  assert.match(yes.err, /chargehand\.yaml is there already/);
  const no = await here.run(["init", here.target, ...GITHUB], { ask: async () => "" });
  assert.equal(no.code, 5);
  assert.equal(readFileSync(here.file, "utf8"), "mine\n");
  assert.ok(!existsSync(join(here.target, "chargehand.secrets")));
  assert.equal((await here.run(["init", here.target, "--yes", "--force", "--no-hook", ...GITHUB])).code, 0);
  await load(here.file);
});

test("without a terminal nobody is asked, and what is missing is told with its flag", async (t) => {
  const here = scene(t);
  const silent = await here.run(["init", here.target, ...GITHUB]);
  assert.deepEqual([silent.code, silent.out], [2, ""]);
  assert.match(silent.err, /add --yes/);
  const wrong = await here.run(["init", here.target, "--yes", ...GITHUB, "--prefix", "no good"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /--prefix: it must be 1 to 10 capital letters/);
  const none = await here.run(["init", here.target, "--yes", ...GITHUB], { env: { PATH: "/nowhere" } });
  assert.equal(none.code, 2);
  assert.match(none.err, /none was found on PATH.*\n +say it with --agent/);
  assert.ok(!existsSync(here.target));
});

test("answers are asked for again until they can be taken, and whoever goes away leaves nothing behind", async (t) => {
  const here = scene(t);
  const { url } = await forge(t, TOKEN, { "GET /user": { login: "chargehand-bot", id: 7 } });
  const answers: Record<string, string[]> = {
    "keys of its tasks": ["bad prefix", "SHOP"],
    "agent program": ["command"],
    "its command": [`nowhere "a b"`, 'claude "half', `claude --say "a b"`],
    "GitHub token": ["with blanks", "ghp_another_one_0123456789", TOKEN],
  };
  const hidden: string[] = [];
  const ask = async (question: string, isHidden: boolean): Promise<string> => {
    if (isHidden) hidden.push(question);
    const [, mine] = Object.entries(answers).find(([words]) => question.includes(words)) ?? [];
    return mine?.shift() ?? "";
  };
  const flags = ["--no-hook", "--github-api", url, ...GITHUB];
  const ended = await here.run(["init", here.target, ...flags], { ask });
  assert.equal(ended.code, 0, ended.err);
  const { config, secrets } = await load(here.file);
  assert.equal(config.projects[0]?.prefix, "SHOP");
  assert.deepEqual(config.agents["developer"]?.argv, ["claude", "--say", "a b"]);
  assert.ok(secrets.includes(TOKEN));
  for (const remark of [
    /it must be 1 to 10 capital letters/,
    /there is no program nowhere on PATH/,
    /a quotation mark is missing/,
    /a token has no blanks/,
    /127\.0\.0\.1:\d+ does not take it/,
  ])
    assert.match(ended.err, remark);
  assert.ok(!ended.err.includes("another_one"));
  assert.deepEqual(hidden.length, 3);
  const gone = await here.run(["init", join(here.folder, "other"), ...GITHUB], { ask: async () => null });
  assert.equal(gone.code, 2);
  assert.match(gone.err, /“branch that work begins from” was not answered: nothing was written/);
  assert.ok(!existsSync(join(here.folder, "other")));
});

test("the webhook is made with the secret that was written, and one that cannot be is told to be typed in", async (t) => {
  const here = scene(t);
  const hooks = "/repos/acme/my-shop/hooks";
  const made = {
    id: 9,
    active: true,
    events: ["*"],
    config: { url: "https://agents.example.org/webhooks/github" },
  };
  const { url, asked } = await forge(t, TOKEN, { [`GET ${hooks}`]: [], [`POST ${hooks}`]: made });
  const env = { ...here.env, GH_TOKEN: TOKEN };
  const ended = await here.run(["init", here.target, "--yes", ...GITHUB, "--github-api", url], { env });
  assert.match(ended.out, /acme\/my-shop has a webhook that points at https:\/\/agents/, ended.err);
  const sent = JSON.parse(asked.find(({ line }) => line === `POST ${hooks}`)?.body ?? "{}");
  const secret = readFileSync(join(here.target, "chargehand.secrets/github-webhook"), "utf8").trim();
  assert.equal(sent.config.secret, secret);
  assert.ok(sent.events.includes("issues") && !ended.out.includes(secret));
  const refused = await here.run(["init", here.target, "--yes", "--force", ...GITHUB, "--github-api", url], {
    env: { ...here.env, GH_TOKEN: "ghp_another_one_0123456789" },
  });
  assert.equal(refused.code, 0);
  assert.match(refused.err, /The webhook was not made: /);
  assert.match(refused.out, /Payload URL/);
});

test("in a checkout its remote is taken, and git shows nothing of what was written", async (t) => {
  const here = scene(t);
  git(here.folder, "clone", "-q", here.origin, "checkout");
  const checkout = join(here.folder, "checkout");
  const ended = await here.run([
    "init",
    checkout,
    "--yes",
    "--clone-url",
    here.origin,
    "--base-branch",
    "trunk",
  ]);
  assert.equal(ended.code, 0, ended.err);
  assert.equal(git(checkout, "status", "--short"), "");
  assert.match(ended.out, /Git leaves them out here/);
  assert.deepEqual((await load(join(checkout, "chargehand.yaml"))).config.sources, {});
});

test("a daemon that does not come up for the first task is told with its log", async (t) => {
  const here = scene(t);
  const started: (readonly string[])[] = [];
  const background: Ports["background"] = async ({ argv }) => {
    started.push(argv.slice(-3));
    return { pid: 1, hasEnded: () => true };
  };
  const ended = await here.run(["init", here.target, "--yes", ...GITHUB, "--no-hook", "--start", "Fix it"], {
    background,
  });
  assert.equal(ended.code, 1);
  assert.match(ended.err, /the daemon did not come up\n +.*chargehand\.data\/daemon\.log says why/);
  assert.deepEqual(started, [["serve", "--config", here.file]]);
});
