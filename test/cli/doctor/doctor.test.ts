/** `doctor` asks the scripted GitHub and Plane: each thing that is wrong there has its line, and what to do. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { FakeGithub, FakeGithubOptions } from "../../../cli/stage/fake-github/start.ts";
import { startGithub } from "../../proof/github/start.ts";
import { type ProofPlane, startPlane } from "../../proof/plane/start.ts";
import { place } from "../commands/setup/place.ts";

/** Nobody listens there. */
const PUBLIC = "http://127.0.0.1:9";
const ROLES = { ada: "admin", "chargehand-bot": "admin" } as const;

interface Found {
  readonly area: string;
  readonly about: string | null;
  readonly status: string;
  readonly says: string;
  readonly remedy: string | null;
}

interface Hosts {
  readonly github: FakeGithub;
  readonly plane: ProofPlane;
  /** What `doctor` finds of sources and projects; `projects` are lines of YAML. */
  doctor(
    projects: readonly string[],
    tokens?: { github?: string; plane?: string },
  ): Promise<readonly Found[]>;
}

async function hosts(t: TestContext, options: FakeGithubOptions = {}): Promise<Hosts> {
  const here = place(t);
  const [github, plane] = await Promise.all([startGithub(options), startPlane()]);
  t.after(() => Promise.all([github.close(), plane.close()]));
  mkdirSync(join(here.folder, "home/.config"), { recursive: true });
  here.program("fix", "true");
  return {
    ...{ github, plane },
    async doctor(projects, tokens = {}) {
      here.write("github-token", tokens.github ?? github.token);
      here.write("plane-token", tokens.plane ?? plane.token);
      const config = here.write(
        "chargehand.yaml",
        `data_dir: data
server: { public_url: "${PUBLIC}" }
isolation: none
sources:
  github: { secret: a-secret-of-the-webhook, token: "file:github-token", api_url: "${github.api}" }
  plane: { secret: plane_wh_0123456789, token: "file:plane-token", api_url: "${plane.url}", workspace: "${plane.slug}" }
agents: { developer: { backend: command, argv: [fix] } }
projects:
${projects.map((line) => `  - { agent: developer, ${line} }\n`).join("")}`,
      );
      const { out, err, code } = await here.run(["doctor", "--json", "--config", config]);
      const told = JSON.parse(out === "" ? err : out) as { outcome: string; findings: Found[] };
      assert.deepEqual(Object.keys(told), ["outcome", "findings"]);
      assert.equal(code, told.outcome === "fail" ? 1 : 0);
      for (const found of told.findings) {
        assert.deepEqual(
          Object.keys(found).toSorted((a, b) => a.localeCompare(b)),
          ["about", "area", "remedy", "says", "status"],
        );
        assert.equal(found.remedy === null, found.status === "ok", found.says);
      }
      for (const secret of [github.token, plane.token, "a-secret-of-the"]) assert.ok(!out.includes(secret));
      assert.ok(
        told.findings.every((one) => one.area !== "configuration" || one.status === "ok"),
        out,
      );
      return told.findings.filter(({ area }) => area === "sources" || area === "projects");
    },
  };
}

function troubles(found: readonly Found[]): string {
  return found
    .filter(({ status }) => status !== "ok")
    .map(({ status, about, says, remedy }) => `${status} ${about}: ${says} → ${remedy}`)
    .join("\n");
}

test("of a good set-up nothing is told, and neither host is asked carelessly", async (t) => {
  const { github, plane, doctor } = await hosts(t);
  github.addHook("acme/shop", { url: `${PUBLIC}/webhooks/github` });
  const shop = `base_branch: main, name: shop, prefix: SHOP, repo: acme/shop, clone_url: ${github.cloneUrl("acme/shop")}`;
  const start = `plane_project: ${plane.project("SHOP").id}, start: { states: [In Progress] }`;
  const found = await doctor([`${shop}, ${start}, publish: { to: pull_request, merge: true }`]);
  assert.equal(troubles(found), "");
  const said = found.map(({ says }) => says).join("\n");
  for (const words of ["acts as chargehand-bot", "a member of the workspace", "with the states that start"])
    assert.ok(said.includes(words), `${words}\n${said}`);
  assert.deepEqual([github.violations, plane.violations], [[], []]);
});

test("what is wrong with repositories, branches and webhooks is told one by one", async (t) => {
  const repos = ["shop", "old", "queue"].map((name) => ({ name: `acme/${name}`, roles: ROLES }));
  const { github, doctor } = await hosts(t, { repos });
  github.world.repo("acme/old").isArchived = true;
  github.people.protect({ repo: "acme/queue", branch: "main", isQueued: true, approvals: 1 });
  for (const name of ["shop", "queue"])
    github.addHook(`acme/${name}`, {
      url: `${PUBLIC}/webhooks/github`,
      ...(name === "queue" && { events: ["issues"] }),
    });
  github.people.open({ repo: "acme/shop", by: "ada", title: "Nobody hears this" });
  await github.settled();
  const line = (name: string, more: string, repo = name, base = "main"): string =>
    `base_branch: ${base}, name: ${name}, prefix: ${name.toUpperCase()}, repo: acme/${repo}, clone_url: ${github.cloneUrl("acme/shop")}, publish: ${more}`;
  const said = troubles(
    await doctor([
      line("shop", "branch"),
      line("old", "pull_request"),
      line("queue", "{ to: pull_request, merge: true }"),
      line("base", "pull_request", "shop", "trunk"),
      line("gone", "pull_request"),
    ]),
  );
  for (const words of [
    /^warn base: 1 of 1 deliveries of the last day failed.*9 did not answer.* → see that the proxy/m,
    /^fail old: acme\/old is archived.* → unarchive it/m,
    /^fail queue: branch main of acme\/queue is merged by a queue.* → write publish: \{ merge: false \}/m,
    /^warn queue: it does not send issue_comment, .* → add these events/m,
    /^fail base: repository acme\/shop has no branch trunk.* → make it, or name another/m,
    /^fail gone: the repository acme\/gone cannot be seen.* → correct its name/m,
    /^warn old: no webhook of acme\/old points at .* → make one there/m,
  ])
    assert.match(said, words);
});

test("tokens that are wrong, too small, or a guest's are told with what to do", async (t) => {
  const { github, plane, doctor } = await hosts(t);
  github.addHook("acme/shop", { url: `${PUBLIC}/webhooks/github` });
  const project = `base_branch: main, name: shop, prefix: SHOP, repo: acme/shop, clone_url: ${github.cloneUrl("acme/shop")}, plane_project: ${plane.project("SHOP").id}, start: { states: [In Progress, Shipped] }`;
  github.addToken({
    token: "ghp_of_somebody_who_reads_0000000000",
    login: "chargehand-bot",
    scopes: ["read:user"],
  });
  plane.addToken("plane_api_of_gus_0123456789", "gus");
  const small = { github: "ghp_of_somebody_who_reads_0000000000", plane: "plane_api_of_gus_0123456789" };
  const said = troubles(await doctor([project], small));
  assert.match(said, /^fail github: the token's scopes are read:user: .* → make one with the scope repo/m);
  assert.match(said, /^fail plane: the account is a guest in the workspace → add it as a member/m);
  const states = troubles(await doctor([project]));
  assert.match(
    states,
    /^fail shop: plane has no state Shipped → correct start\.states; there are .*In Progress/m,
  );
  const wrong = { github: "ghp_another_one_000000000000000000000", plane: "plane_api_another_one" };
  const refused = troubles(await doctor([project], wrong));
  assert.match(
    refused,
    /^fail github: 127\.0\.0\.1:\d+ does not take the token: .* → make a new token there/m,
  );
  assert.match(refused, /^fail plane: 127\.0\.0\.1:\d+ does not take the token: .* → /m);
});
