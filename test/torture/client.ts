/** The admin API of the daemon under torture, as an operator uses it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Daemon } from "./daemon.ts";
import type { Yard } from "./yard.ts";

const ANSWER_MS = 10_000;

export interface RunView {
  readonly id: string;
  readonly task: string;
  readonly status: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly reason: string | null;
}
export interface JobView {
  readonly id: number;
  readonly task: string;
  readonly status: string;
  readonly hold?: unknown;
  readonly holds?: readonly unknown[];
}
export interface StatusView {
  readonly deliveries: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
  readonly runs: Readonly<Record<string, number>>;
  readonly spend_today_usd: number;
}

export class Client {
  readonly #yard: Yard;
  readonly #daemon: Daemon;

  constructor(yard: Yard, daemon: Daemon) {
    this.#yard = yard;
    this.#daemon = daemon;
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.#call(path, "GET");
    if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status}`);
    return (await answer.json()) as T;
  }

  /** The answer's status; `null` when there was none. */
  async post(path: string): Promise<number | null> {
    try {
      const answer = await this.#call(path, "POST");
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      if (error instanceof Error) return null;
      throw error;
    }
  }

  /** All pages of a list, newest first. */
  async list<T>(name: string, query: string): Promise<readonly T[]> {
    const found: T[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Record<string, unknown> = await this.get(`/api/v1/${name}?limit=200${query}${after}`);
      found.push(...((page[name] ?? []) as T[]));
      cursor = (page["next_cursor"] ?? null) as string | null;
    }
    return found;
  }

  #call(path: string, method: string): Promise<Response> {
    const token = readFileSync(join(this.#yard.dataDir, "admin-token"), "utf8").trim();
    return fetch(`${this.#daemon.urls.admin}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === "POST" && { "content-type": "application/json" }),
      },
      ...(method === "POST" && { body: "{}" }),
    });
  }
}
