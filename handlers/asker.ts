/**
 * Who asks for a change. Over the network it is whoever has the token, by the name that they give themselves, and is
 * believed. A room of the daemon that has found out itself who asks (a person in a chat) says so with the request.
 *
 * K1. What says so is a value of this process, kept under a symbol: no request that comes over a network can bring it,
 *     whatever its headers, its body or its adaptor put into the bindings.
 */

import type { Actor } from "../workflow/intent.ts";
import { nameText } from "./outside-text.ts";

export interface Asker {
  readonly by: Actor;
  /**
   * Of the change that is asked for: asked for twice by the same key, it is made once (I2). `null` where nobody has
   * one; then two who ask for the same of what both have seen ask once.
   */
  readonly key: string | null;
}

export const ASKER: unique symbol = Symbol("asker");

/** As Hono has the bindings of a request. */
export interface ApiEnv {
  readonly Bindings: { readonly [ASKER]?: Asker };
}

/** @param name as whoever has the token wants to be called */
export function askerOf({ env }: { readonly env: ApiEnv["Bindings"] | undefined }, name = ""): Asker {
  return env?.[ASKER] ?? { by: { kind: "api", name: nameText(name).trim() || "operator" }, key: null };
}
