/**
 * Who calls, and what they may: what somebody may not even see is not there (404), the rest is forbidden (403).
 */

import { createVerify } from "node:crypto";
import { fullName, type Repo, ROLES, type Role, type Token } from "../model/nouns.ts";
import { roleOf, type World } from "../model/world.ts";
import { notFound, Refusal } from "../refusal.ts";
import type { Caller, Need } from "./call.ts";

const NOBODY: Caller = { token: null, isApp: false };

/** @throws Refusal 401 */
export function identify(world: World, header: string | undefined): Caller {
  if (header === undefined) return NOBODY;
  const [, secret = ""] = /^(?:bearer|token) +(\S+)$/i.exec(header.trim()) ?? [];
  if (secret.split(".").length === 3) {
    checkJwt(world, secret);
    return { token: null, isApp: true };
  }
  const token = world.tokens.get(secret);
  const isOver = token !== undefined && token.expiresAt !== null && token.expiresAt <= world.now();
  if (token === undefined || isOver) throw new Refusal(401, "Bad credentials");
  return { token, isApp: false };
}

const JWT_S_MAX = 600;

/** @throws Refusal 401 for one that is no token of the App's, or lives for more than ten minutes */
function checkJwt(world: World, jwt: string): void {
  const [head = "", body = "", signature = ""] = jwt.split(".");
  const { app } = world;
  const now = world.now() / 1_000;
  const no = (why: string): never => {
    throw new Refusal(401, why);
  };
  if (app === null) throw new Refusal(401, "A JSON web token could not be decoded");
  const isSigned = createVerify("RSA-SHA256")
    .update(`${head}.${body}`)
    .verify(app.publicKey, Buffer.from(signature, "base64url"));
  if (!isSigned) no("A JSON web token could not be decoded");
  const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString());
  const of = (name: string): unknown =>
    typeof claims === "object" && claims !== null && name in claims ? Reflect.get(claims, name) : undefined;
  const [iat, exp] = [Number(of("iat")), Number(of("exp"))];
  if (!(iat <= now))
    no("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  if (!(exp > now))
    no(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (!(exp - now <= JWT_S_MAX)) no("'Expiration time' claim ('exp') is too far in the future");
  if (String(of("iss")) !== String(app.id)) no("'Issuer' claim ('iss') must be an Integer");
}

/** What a caller may do there as a person; narrowed by where its token may go. */
export function callerRole(repo: Repo, { token }: Caller): Role {
  if (token === null) return repo.isPrivate ? "none" : "read";
  const isShut = token.repos !== null && !token.repos.includes(fullName(repo));
  if (isShut) return repo.isPrivate ? "none" : "read";
  if (token.kind === "installation") return "write";
  const isBlind = token.kind === "classic" && !token.scopes.includes("repo");
  if (isBlind && repo.isPrivate) return "none";
  if (isBlind && !token.scopes.includes("public_repo")) return "read";
  return roleOf(repo, token.user);
}

/** @throws Refusal 404, 403 */
export function demand(repo: Repo, caller: Caller, need: Need | undefined): void {
  const role = callerRole(repo, caller);
  if (role === "none") notFound();
  if (need === undefined) return;
  if (need.level === "write" && caller.token === null) throw new Refusal(401, "Requires authentication");
  const { token } = caller;
  if (token !== null && token.kind !== "classic") demandGrant(token, need);
  const isEnough =
    ROLES.indexOf(role) >= ROLES.indexOf(need.role) ||
    (token?.kind === "installation" && need.role === "admin");
  if (!isEnough) {
    if (need.isHidden) notFound();
    throw new Refusal(
      403,
      need.role === "admin"
        ? "Must have admin rights to Repository."
        : "Must have push access to repository.",
    );
  }
  if (need.level === "write" && repo.isArchived)
    throw new Refusal(403, "Repository was archived so is read-only.");
}

function demandGrant(token: Token, { grant, level }: Need): void {
  const has = grant === "metadata" ? (token.grants[grant] ?? "read") : token.grants[grant];
  if (has === "write" || (has === "read" && level === "read")) return;
  const who = token.kind === "installation" ? "integration" : "personal access token";
  const headers = { "x-accepted-github-permissions": `${grant}=${level}` };
  throw new Refusal(403, `Resource not accessible by ${who}`, { headers });
}
