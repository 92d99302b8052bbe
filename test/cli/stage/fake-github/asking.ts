/** Asks the scripted GitHub as a client does, and hears its webhooks. */

import { createServer } from "node:http";
import type { TestContext } from "node:test";
import type { FakeGithub, FakeGithubOptions } from "../../../../cli/stage/fake-github/start.ts";
import { startGithub } from "../../../proof/github/start.ts";

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  /** `null` where there is no body. */
  readonly body: unknown;
}

export interface Asking {
  readonly github: FakeGithub;
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Said>;
  /** Of `body`, by dots; `undefined` where there is none. */
  graphql(query: string, variables?: object): Promise<unknown>;
}

export const REPO = "/repos/acme/shop";
export const HEADERS = { "x-github-api-version": "2022-11-28", accept: "application/vnd.github+json" };

export async function asking(t: TestContext, options: FakeGithubOptions = {}): Promise<Asking> {
  const github = await startGithub(options);
  t.after(() => github.close());
  const ask: Asking["ask"] = async (method, path, body, headers = {}) => {
    const url = path.startsWith("http") ? path : github.api + path;
    const answer = await fetch(url, {
      method,
      redirect: "manual",
      headers: { authorization: `Bearer ${github.token}`, ...HEADERS, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: parsed(text) };
  };
  return {
    github,
    ask,
    graphql: async (query, variables = {}) => (await ask("POST", "/graphql", { query, variables })).body,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === "" ? null : text;
  }
}

/** What stands at a path such as `errors.0.message`. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const part of path.split("."))
    found = typeof found === "object" && found !== null ? Reflect.get(found, part) : undefined;
  return found;
}

export interface Heard {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: unknown;
}

/** A receiver of webhooks; `answers` may be changed. */
export async function receiver(
  t: TestContext,
): Promise<{ readonly url: string; readonly heard: Heard[]; answers: number }> {
  const heard: Heard[] = [];
  const made = { url: "", heard, answers: 202 };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      heard.push({ headers: request.headers, text, body: parsed(text) });
      response.writeHead(made.answers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  made.url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/hook`;
  t.after(() => server.close());
  return made;
}
