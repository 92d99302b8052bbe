/** `doctor` and `serve --check --deep` where things are right and wrong: real git, programs and requests. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LOOK_MS } from "../../../../cli/doctor/examine.ts";
import { forge, type Place, place, SILENCE } from "./place.ts";

const TOKEN = "ghp_0123456789abcdefghij";
const URL_OF_HOOK = "https://agents.example.org/webhooks/github";
const EVENTS = ["*"];

const GOOD: Readonly<Record<string, unknown>> = {
  "GET /user": { login: "chargehand-bot", id: 7 },
  "GET /rate_limit": { resources: {} },
  "GET /repos/acme/shop": {
    ...{ full_name: "acme/shop", default_branch: "trunk", archived: false },
    permissions: { push: true },
  },
  "GET /repos/acme/shop/branches/trunk": { name: "trunk", protected: false },
  "GET /repos/acme/shop/rules/branches/trunk": [],
  "GET /repos/acme/shop/hooks": [{ id: 3, active: true, events: EVENTS, config: { url: URL_OF_HOOK } }],
  "GET /repos/acme/shop/hooks/3/deliveries": [],
};

interface Found {
  readonly area: string;
  readonly about: string | null;
  readonly status: string;
  readonly says: string;
  readonly remedy: string | null;
}

async function machine(
  t: TestContext,
  answers = GOOD,
  headers: Readonly<Record<string, string>> = {},
): Promise<Place & { readonly config: string; doctor(): Promise<readonly Found[]> }> {
  const here = place(t);
  const { url } = await forge(t, TOKEN, answers, headers);
  here.program("claude", 'echo "2.1.329 (Claude Code)"');
  here.write("token", TOKEN);
  mkdirSync(join(here.folder, "home/.claude"));
  writeFileSync(join(here.folder, "home/.claude/.credentials.json"), "{}");
  const config = here.write(
    "chargehand.yaml",
    `data_dir: data
server: { public_url: https://agents.example.org }
isolation: none
sources: { github: { secret: a-secret-of-the-webhook, token: "file:token", api_url: "${url}" } }
agents: { developer: { backend: claude } }
projects:
  - { name: shop, prefix: SHOP, repo: acme/shop, clone_url: ./origin.git, base_branch: trunk, agent: developer }
`,
  );
  return {
    ...here,
    config,
    async doctor(): Promise<readonly Found[]> {
      const ended = await here.run(["doctor", "--json", "--config", config]);
      const { findings, outcome } = JSON.parse(ended.out) as { findings: Found[]; outcome: string };
      assert.equal(ended.code, outcome === "fail" ? 1 : 0);
      return findings;
    },
  };
}

/** Those that are not as they should be, but for walls and daemon, which this machine is without. */
function troubles(found: readonly Found[]): readonly string[] {
  return found
    .filter(({ area, status }) => status !== "ok" && area !== "machine" && area !== "daemon")
    .map(({ status, says }) => `${status} ${says}`);
}

test("of a good set-up everything is found, and nothing is made", async (t) => {
  const here = await machine(t);
  const found = await here.doctor();
  assert.deepEqual(troubles(found), []);
  const said = found.map(({ says }) => says).join("\n");
  for (const words of [
    "1 project, 1 agent profile, sources github",
    "will be made at the first start",
    "has the base branch trunk",
    "claude 2.1.329 is there",
    `account claude is signed in (${here.folder}/home/.claude/.credentials.json)`,
    "the token acts as chargehand-bot",
    "acme/shop is there, and the token may push",
    `the webhook of acme/shop points at ${URL_OF_HOOK}`,
    "no daemon runs on",
  ])
    assert.ok(said.includes(words), `${words}\n${said}`);
  assert.equal((await here.run(["doctor", "--config", here.config])).code, 0);
});

test("what is wrong is told with what to do, and ends with 1", async (t) => {
  const here = await machine(t, {
    ...GOOD,
    "GET /repos/acme/shop": { ...Object(GOOD["GET /repos/acme/shop"]), archived: true },
    "GET /repos/acme/shop/hooks": [],
  });
  here.program("claude", "exit 3");
  const text = (await here.run(["doctor", "--config", here.config])).out;
  assert.match(text, /FAIL {2}shop: acme\/shop is archived.*\n +→ unarchive it there/);
  assert.match(text, /warn {2}shop: no webhook of acme\/shop points at https.*\n +→ make one there: https/);
  assert.match(text, /warn {2}developer: claude is there, and does not tell its version: it ended with 3/);
  assert.equal((await here.run(["doctor", "--config", here.config])).code, 1);
});

test("a missing program, branch and repository each have their line", async (t) => {
  const here = await machine(t, { ...GOOD, "GET /repos/acme/shop": undefined });
  here.write(
    "other.yaml",
    `data_dir: data
agents: { developer: { backend: codex } }
projects:
  - { name: shop, prefix: SHOP, clone_url: ./origin.git, base_branch: main, agent: developer }
  - { name: gone, prefix: GONE, clone_url: ./nothing.git, base_branch: main, agent: developer }
`,
  );
  const { out, code } = await here.run(["doctor", "--config", join(here.folder, "other.yaml")]);
  assert.equal(code, 1);
  assert.match(out, /shop: the remote has no branch main\n +→ write base_branch: trunk/);
  assert.match(out, /gone: the remote does not answer: .*\n +→ correct clone_url/);
  assert.match(out, /the program codex of agent profile developer is missing/);
  assert.deepEqual(
    (await here.doctor()).filter(({ status, area }) => area === "projects" && status === "fail").length,
    1,
  );
});

test("of five repositories each has its own lines, and one that does not answer holds up no other", async (t) => {
  const { answers, projects } = fiveRepositories();
  const here = await machine(t, answers);
  const config = here.write("five.yaml", readFileSync(here.config, "utf8").replace(/^ {2}- .*\n/m, projects));
  const began = performance.now();
  const { out, code } = await here.run(["doctor", "--json", "--config", config]);
  assert.ok(performance.now() - began < LOOK_MS * 2, "it is bounded, also on a busy machine");
  assert.equal(code, 1);
  const { outcome, findings } = JSON.parse(out) as { outcome: string; findings: Found[] };
  assert.equal(outcome, "fail");
  const told = (name: string): string =>
    findings
      .filter(({ area, about }) => area === "projects" && about === name)
      .map(({ status, says, remedy }) => `${status} ${says} → ${remedy}`)
      .join("\n");
  assert.match(told("one"), /^ok acme\/one is there, and the token may push/);
  assert.match(
    told("slow"),
    /^fail the repository acme\/slow cannot be seen: .*took too long → see that this machine/,
  );
  assert.match(
    told("closed"),
    /^fail the repository acme\/closed cannot be seen: .*403.* → give the token the perm/,
  );
  assert.match(told("gone"), /^fail the repository acme\/gone cannot be seen: .*404.* → correct its name/);
  assert.match(told("five"), /^ok acme\/five is there, and the token may push/);
  assert.equal(findings.filter(({ area, status }) => area === "git" && status === "ok").length, 7);
});

/** Two that are good, and one each that is silent, forbidden and gone. */
function fiveRepositories(): { readonly answers: typeof GOOD; readonly projects: string } {
  const names = ["one", "slow", "closed", "gone", "five"];
  const answers = names.flatMap((name): [string, unknown][] => {
    const [at, full] = [`GET /repos/acme/${name}`, { ...Object(GOOD["GET /repos/acme/shop"]) }];
    if (name === "gone") return [];
    if (name === "slow") return [at, `${at}/hooks`].map((line) => [line, SILENCE]);
    if (name === "closed") return [at, `${at}/hooks`].map((line) => [line, 403]);
    return [
      [at, { ...full, full_name: `acme/${name}` }],
      [`${at}/branches/trunk`, { name: "trunk", protected: false }],
      [`${at}/rules/branches/trunk`, []],
      [`${at}/hooks`, []],
    ];
  });
  const projects = names.map(
    (name, at) =>
      `  - { name: ${name}, prefix: P${at}, repo: acme/${name}, clone_url: ./origin.git, base_branch: trunk, agent: developer }\n`,
  );
  return { answers: { ...GOOD, ...Object.fromEntries(answers) }, projects: projects.join("") };
}

test("a token that is refused is told, and no secret is", async (t) => {
  const here = await machine(t);
  here.write("token", "ghp_another_one_0123456789");
  const { out, code } = await here.run(["doctor", "--config", here.config]);
  assert.equal(code, 1);
  assert.match(out, /FAIL {2}github: 127\.0\.0\.1:\d+ does not take the token: .*\n +→ make a new token/);
  for (const secret of ["ghp_another_one", "a-secret-of-the-webhook"]) assert.ok(!out.includes(secret));
});

test("each further account is looked at, and one that may judge nothing is told", async (t) => {
  const here = await machine(t);
  const other = await forge(t, "ghp_of_a_reviewer", {
    ...{ "GET /user": { login: "careful-bot", id: 8 }, "GET /rate_limit": { resources: {} } },
    "GET /repos/acme/shop": { ...Object(GOOD["GET /repos/acme/shop"]), permissions: { push: false } },
  });
  const own = await forge(t, TOKEN, GOOD);
  const config = (token: string, url: string): string =>
    here.write(
      "other.yaml",
      `data_dir: data
sources: { github: { secret: a-secret-of-the-webhook, api_url: "${url}", accounts: { second: { token: ${token} } } } }
agents: { developer: { backend: claude, forge_account: second } }
projects:
  - { name: shop, prefix: SHOP, repo: acme/shop, clone_url: ./origin.git, base_branch: trunk, agent: developer }
`,
    );
  const reader = await here.run(["doctor", "--config", config("ghp_of_a_reviewer", other.url)]);
  assert.match(reader.out, /github, account second: it may not write to acme\/shop.*\n +→ give it the right/);
  const same = await here.run(["doctor", "--config", config(TOKEN, own.url)]);
  assert.doesNotMatch(same.out, /second: it is the account/, "nobody has opened anything");
  const text = readFileSync(here.config, "utf8").replace(
    'token: "file:token",',
    `$&accounts: { second: { token: ${TOKEN} } },`,
  );
  writeFileSync(here.config, text);
  const twice = await here.run(["doctor", "--config", here.config]);
  assert.match(twice.out, /warn {2}github, account second: it is the account that opens pull requests/);
  for (const token of [TOKEN, "ghp_of_a_reviewer"]) assert.ok(!`${reader.out}${twice.out}`.includes(token));
});

test("scopes, the end of a token and another clock are seen", async (t) => {
  const end = new Date(Date.now() + 3 * 86_400_000).toISOString().replace("T", " ").replace(/\..*/, " UTC");
  const here = await machine(t, GOOD, {
    "x-oauth-scopes": "read:user",
    "github-authentication-token-expiration": end,
    date: new Date(Date.now() - 600_000).toUTCString(),
  });
  const said = troubles(await here.doctor()).join("\n");
  assert.match(said, /fail the token's scopes are read:user: it may not write/);
  assert.match(said, /warn the token expires in 3d/);
  assert.match(said, /warn this machine's clock is 10m ahead of theirs/);
});

test("a wrong configuration is a finding of doctor, and exit code 2 of serve --check --deep", async (t) => {
  const here = place(t);
  const file = here.write("wrong.yaml", "data_dir: x\nprojects: [{ name: shop }]\n");
  const told = await here.run(["doctor", "--json", "--config", file]);
  assert.deepEqual([told.code, JSON.parse(told.out).outcome], [1, "fail"]);
  assert.match(told.out, /wrong\.yaml:2:/);
  const none = await here.run(["doctor", "--config", join(here.folder, "none.yaml")]);
  assert.match(none.out, /there is no such file\n +→ chargehand init writes one/);
  const deep = await here.run(["serve", "--check", "--deep", "--config", file]);
  assert.equal(deep.code, 2);
});

test("serve --check --deep asks what a start depends on, and --check alone asks nobody", async (t) => {
  const here = await machine(t);
  const deep = await here.run(["serve", "--check", "--deep", "--config", here.config]);
  assert.equal(deep.code, 0, deep.out);
  assert.match(deep.out, /the token acts as chargehand-bot/);
  assert.doesNotMatch(deep.out, /no daemon runs/);
  here.write("token", "ghp_another_one_0123456789");
  assert.equal((await here.run(["serve", "--check", "--deep", "--config", here.config])).code, 1);
  assert.equal((await here.run(["serve", "--check", "--config", here.config])).code, 0);
  assert.equal((await here.run(["serve", "--deep", "--config", here.config])).code, 2);
});
