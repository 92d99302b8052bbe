/** Addresses of an API, and what an answer names of them. */

import type { Call, Reply } from "./call.ts";

/** The address that it names, empty where it names none. */
export function whereTo({ headers: { location = "" } }: Reply, from: string): string {
  return location === "" ? "" : (URL.parse(location, from)?.href ?? "");
}

/** With its question mark; empty where nothing is asked for. */
export function queryOf({ query = {} }: Call): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(Object.fromEntries(given))}`;
}

/** What stands below `base`; `null`: it is of another API, or none at all. */
export function belowOf(base: string, address: string): string | null {
  const url = URL.parse(address);
  const home = URL.parse(base);
  if (url === null || home === null || url.origin !== home.origin) return null;
  const root = home.pathname.replace(/\/$/, "");
  const path = `${url.pathname}${url.search}`;
  return path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

const LINKS_CHARS_MAX = 8_192;

/** Of the header `link`, by relation. */
export function linksIn(header: string): Readonly<Record<string, string>> {
  const found = header.slice(0, LINKS_CHARS_MAX).matchAll(/<([^<>]*)>\s*;\s*rel="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, address = "", relation = ""]) => [relation, address]));
}
