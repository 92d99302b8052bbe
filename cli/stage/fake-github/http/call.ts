/** One call of the API as its route sees it, and how a route answers. */

import { z } from "zod";
import type { At } from "../acts/issues.ts";
import type { Deliveries } from "../hooks/deliver.ts";
import type { Repo, Role, Token } from "../model/nouns.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";
import { type FieldTrouble, Refusal } from "../refusal.ts";

export interface Caller {
  /** `null`: nobody has said who it is. */
  readonly token: Token | null;
  /** Of an App that signs for itself. */
  readonly isApp: boolean;
}

export interface Call {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly caller: Caller;
  /** Decoded, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Path and query, for links to other pages. */
  readonly path: string;
  /** @throws Refusal 404 where the route names no repository */
  readonly repo: Repo;
}

export interface Answer {
  readonly status: number;
  /** Nothing of it for 204. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a call needs: as a grant of fine-grained tokens and Apps, and as a role of whoever calls. */
export interface Need {
  readonly grant: string;
  readonly level: "read" | "write";
  readonly role: Role;
  /** Who may not is told that there is no such thing. */
  readonly isHidden?: true;
}

export interface Route {
  readonly method: string;
  /** With `:name` for one part, and `*name` for all that is left. */
  readonly path: string;
  readonly need?: Need;
  /** It makes something that people are notified of: the pace of such calls is limited. */
  readonly makesContent?: true;
  /** An App that signs for itself may call it. */
  readonly isForApp?: true;
  run(call: Call): Answer | Promise<Answer>;
}

/** @throws Refusal 401 */
export function callerOf({ caller }: Call): User {
  if (caller.token === null) throw new Refusal(401, "Requires authentication");
  return caller.token.user;
}

/** Where the call acts, and in whose name. */
export function atOf(call: Call): At {
  return { world: call.world, repo: call.repo, by: callerOf(call) };
}

export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

export const NO_CONTENT: Answer = { status: 204 };

/** @throws Refusal 404 for what is no number */
export function numberOf({ params }: Call, name: string): number {
  const number = Number(params[name]);
  if (!Number.isSafeInteger(number) || number <= 0) throw new Refusal(404, "Not Found");
  return number;
}

/**
 * The body as its schema reads it; fields that are not in it are ignored, as on GitHub.
 *
 * @throws Refusal 422
 */
export function bodyOf<T>({ body }: Call, schema: z.ZodType<T>, resource: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue): FieldTrouble | string => {
    const field = issue.path.join(".");
    const isMissing = issue.code === "invalid_type" && /received undefined/.test(issue.message);
    if (issue.code === "custom") return { resource, code: "custom", field, message: issue.message };
    return { resource, code: isMissing ? "missing_field" : "invalid", field };
  });
  throw new Refusal(422, "Validation Failed", { errors });
}

const BODY_MAX = 65_536;

/** Of an issue, a pull request, a comment or a review. */
export const TEXT = z
  .string()
  .refine((text) => [...text].length <= BODY_MAX, `body is too long (maximum is ${BODY_MAX} characters)`);
export const SOME_TEXT = TEXT.refine((text) => text.trim() !== "", "body can't be blank");
export const TITLE = z
  .string()
  .refine((title) => title.trim() !== "", "title can't be blank")
  .refine((title) => title.length <= 256, "title is too long (maximum is 256 characters)");
