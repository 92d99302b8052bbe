/**
 * The API as a person in a chat asks it: in process, past the network, in their name. So what is asked for in a chat is
 * validated, refused and decided as everybody's, and nothing here knows how.
 */

import { StoreFault } from "../../store/engine/engine.ts";
import type { ProblemDetails } from "../api/problem.ts";
import { type ApiEnv, ASKER, type Asker } from "../asker.ts";

/** As the app of the API has it. */
export type Door = (request: Request, bindings: ApiEnv["Bindings"]) => Response | Promise<Response>;

export type Answered<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly reason: string };

export interface Api {
  /** @throws StoreFault when it cannot work just now */
  get<T>(path: string): Promise<Answered<T>>;
  post<T>(path: string, body: Readonly<Record<string, unknown>>): Promise<Answered<T>>;
  text(path: string): Promise<Answered<string>>;
}

const BASE = "http://localhost/api/v1";

/** @param asker with the key of what is asked for; each person's message asks for one change */
export function apiFor(door: Door, asker: Asker): Api {
  const ask = async (path: string, init: RequestInit): Promise<Response> =>
    door(new Request(`${BASE}${path}`, init), { [ASKER]: asker });
  const answer = async <T>(response: Response): Promise<Answered<T>> =>
    response.ok ? { kind: "ok", value: (await response.json()) as T } : refusal(response);
  return {
    get: async (path) => answer(await ask(path, {})),
    post: async (path, body) => {
      const headers = { "content-type": "application/json" };
      return answer(await ask(path, { method: "POST", headers, body: JSON.stringify(body) }));
    },
    text: async (path) => {
      const response = await ask(path, {});
      return response.ok ? { kind: "ok", value: await response.text() } : refusal(response);
    },
  };
}

/** A path segment out of what a person wrote. Nothing is called as steps of a path are, and these cannot be encoded. */
export function segment(text: string): string {
  return /^\.{1,2}$/.test(text) ? `_${text}` : encodeURIComponent(text.toWellFormed());
}

async function refusal(response: Response): Promise<{ readonly kind: "refused"; readonly reason: string }> {
  const { detail, errors = [] } = (await response.json()) as ProblemDetails;
  const reason = detail ?? `the daemon answered ${response.status}`;
  if (response.status === 503) throw new StoreFault("busy", reason, "it is tried again");
  const faults = errors.map(({ path, message }) => `${path} ${message}`.trim());
  return { kind: "refused", reason: [reason, ...faults].join("; ") };
}
