/** Payloads as Plane and GitHub send them, changed where a test wants it, and their signatures. */

import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Payload } from "../../handlers/source.ts";

export const PLANE_PROJECT = "22b6fc9c-1849-45da-b103-52a3e3a6b4c1";
export const PLANE_ITEM = "7a6d1f30-2d1e-4f0e-9a55-0c4a5f0e7c11";
export const ALICE = "6bb20d1c-4960-41ca-af4f-cee01de160c4";
export const AGENT_BOT = "91b7c1de-52a6-4f6c-8a6f-2f8f1c9a7d10";
export const IN_PROGRESS = "0ec6cfa4-e906-4aad-9390-2df0303a4102";

export function hmac(secret: string, body: string | Uint8Array): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

export interface PlaneFixture {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly body: string;
}

const require = createRequire(import.meta.url);
const FIXTURES = join(import.meta.dirname, "../fixtures/plane");

export function planeFixture(name: string): PlaneFixture {
  const about = JSON.parse(readFileSync(join(FIXTURES, `${name}.headers.json`), "utf8")) as PlaneFixture;
  return { ...about, name, body: readFileSync(join(FIXTURES, `${name}.json`), "utf8") };
}

export function planeFixtures(): readonly PlaneFixture[] {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith(".headers.json"));
  return names.map((name) => planeFixture(name.replace(".headers.json", "")));
}

export interface GithubExample {
  readonly name: string;
  readonly examples: readonly Payload[];
}

/** All of GitHub's published examples, by event. */
export function githubExamples(): readonly GithubExample[] {
  return require("@octokit/webhooks-examples") as readonly GithubExample[];
}

interface Changes {
  readonly [path: string]: unknown;
}

/** A copy of a payload with other values at dotted paths; `undefined` takes the field away. */
export function changed(payload: Payload, changes: Changes): Payload {
  const copy = structuredClone(payload) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return copy;
}

/** One of GitHub's examples, moved to the repository `acme/shop`. */
export function githubExample(event: string, index: number, changes: Changes = {}): Payload {
  const example = githubExamples().find(({ name }) => name === event)?.examples[index];
  if (example === undefined) throw new Error(`there is no example ${index} of ${event}`);
  return changed(example, { "repository.full_name": "acme/shop", ...changes });
}
