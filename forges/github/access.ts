/**
 * As whom GitHub is called: a token, or an App, which has one token for each place where it is installed.
 *
 * A1. An App's token is good for an hour, and renewed some minutes before. Two who need one at once ask for one.
 */

import { z } from "zod";
import type { Clock } from "../../system/clock.ts";
import type { Answer } from "../api/answer.ts";
import type { Access, Call, Caller, Login } from "../api/call.ts";
import { ask } from "../api/read.ts";
import { appKey, appToken } from "./jwt.ts";

export interface GithubApp {
  readonly id: string;
  /** Of all places; without it, it is found by the repository that a call is about. */
  readonly installation?: string | undefined;
  /** PEM; line ends may be written as `\n`. */
  readonly private_key: string;
}

export type GithubLogin = { readonly token: string } | { readonly app: GithubApp };

const RENEWED_MS = 300_000;
/** An App is installed with as many owners at most as anybody names in a configuration. */
const OWNERS_MAX = 1_000;

const Installation = z.object({ id: z.number() });
const Installations = z.array(Installation);
const Token = z.object({ token: z.string().min(1), expires_at: z.string() });

export function tokenAccess(token: string): Access {
  const login = loginOf("token", token);
  return async () => ({ kind: "ok", value: login });
}

/**
 * @param caller which asks for the tokens: the one that has this access
 * @param secret told of each token before it is used
 * @throws Error where its key is none
 */
export function appAccess(
  { id, installation, private_key }: GithubApp,
  clock: Clock,
  caller: () => Caller,
  secret: (secret: string) => void = () => undefined,
): Access {
  const key = appKey(private_key);
  const installations = new Map<string, string>();
  const tokens = new Map<string, { readonly login: Login; readonly until: number }>();
  const asking = new Map<string, Promise<Answer<Login>>>();

  async function installationOf(repo: string | null): Promise<Answer<string>> {
    if (installation !== undefined) return { kind: "ok", value: installation };
    const owner = repo?.split("/")[0]?.toLowerCase() ?? "";
    const known = installations.get(owner);
    if (known !== undefined) return { kind: "ok", value: known };
    const found = await findInstallation(caller(), repo);
    if (found.kind !== "ok") return found;
    if (installations.size >= OWNERS_MAX) installations.clear();
    installations.set(owner, found.value);
    return found;
  }

  async function renew(of: string): Promise<Answer<Login>> {
    const path = `/app/installations/${encodeURIComponent(of)}/access_tokens`;
    const found = await ask(caller(), { method: "POST", path, asProgram: true }, Token);
    if (found.kind !== "ok") {
      // It may be installed anew, by another number.
      for (const [owner, number] of installations) if (number === of) installations.delete(owner);
      return found;
    }
    secret(found.value.token);
    const login = loginOf(`installation ${of}`, found.value.token);
    const life = Date.parse(found.value.expires_at) - clock.now();
    // A life that makes no sense is one hour, as GitHub says.
    const lives = Number.isFinite(life) && life > 0 ? Math.min(life, 3_600_000) : 3_600_000;
    tokens.set(of, { login, until: clock.monotonic() + lives - RENEWED_MS });
    return { kind: "ok", value: login };
  }

  return async (call, refused) => {
    if (call.asProgram === true) return { kind: "ok", value: loginOf("app", appToken(id, key, clock.now())) };
    const of = await installationOf(repoOf(call));
    if (of.kind !== "ok") return of;
    const known = tokens.get(of.value);
    if (known !== undefined && known.until > clock.monotonic() && known.login.secret !== refused)
      return { kind: "ok", value: known.login };
    const running = asking.get(of.value) ?? renew(of.value).finally(() => asking.delete(of.value));
    asking.set(of.value, running);
    return running;
  };
}

/** Where the App is installed that may work in the repository; for a call about none, anywhere. */
async function findInstallation(caller: Caller, repo: string | null): Promise<Answer<string>> {
  if (repo !== null) {
    const path = `/repos/${repo}/installation`;
    const found = await ask(caller, { method: "GET", path, asProgram: true }, Installation);
    return found.kind === "ok" ? { kind: "ok", value: String(found.value.id) } : found;
  }
  const path = "/app/installations";
  const all = await ask(
    caller,
    { method: "GET", path, query: { per_page: 1 }, asProgram: true },
    Installations,
  );
  if (all.kind !== "ok") return all;
  const [first] = all.value;
  return first === undefined
    ? { kind: "refused", because: "missing", reason: "GitHub: the App is installed nowhere" }
    : { kind: "ok", value: String(first.id) };
}

function repoOf({ path, place }: Call): string | null {
  const found = /^\/repos\/([^/?]+\/[^/?]+)/.exec(path)?.[1];
  return found ?? (place === undefined ? null : place.split("/").map(encodeURIComponent).join("/"));
}

function loginOf(account: string, token: string): Login {
  return { account, headers: { authorization: `Bearer ${token}` }, secret: token };
}
