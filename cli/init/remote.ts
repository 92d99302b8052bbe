/** What the address of a remote says: whose host it is, how the repository is called there, which kind of forge. */

import { splitUrl } from "../../forges/git/credentials.ts";

/** Kinds of forges that are known by their host; Chargehand has a source for `github` alone. */
export type ForgeKind = "github" | "gitlab" | "gitea" | "unknown";

export interface Remote {
  /** As git may be told it: without user and password. */
  readonly address: string;
  /** With its port; `null` of a folder on this machine. */
  readonly host: string | null;
  /** `acme/shop`; `null` where the address names none. */
  readonly repo: string | null;
  readonly forge: ForgeKind;
}

/** Of ssh (`git@host:acme/shop.git`, `ssh://…`), of https, or a path. */
export function readRemote(url: string): Remote {
  const { address } = splitUrl(url.trim());
  const [, withScheme, path = ""] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/]*)\/(.*)$/i.exec(address) ?? [];
  const [, short, shortPath = ""] = /^(?:[^@/:\s]+@)?([^/:\s]+):(?!\/\/)(.+)$/.exec(address) ?? [];
  const host = (withScheme ?? short ?? "").toLowerCase();
  if (host === "") return { address, host: null, repo: null, forge: "unknown" };
  const repo = repoIn(withScheme === undefined ? shortPath : path);
  return { address, host, repo, forge: forgeAt(host) };
}

function repoIn(path: string): string | null {
  const name = path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  return /^[^\s/]+(\/[^\s/]+)+$/.test(name) ? name : null;
}

function forgeAt(host: string): ForgeKind {
  const [name = ""] = host.split(":");
  if (name === "github.com" || /(^|\.)github\./.test(name) || name === "ssh.github.com") return "github";
  if (/(^|\.)gitlab\./.test(name)) return "gitlab";
  return name === "codeberg.org" || /(^|\.)(gitea|forgejo)\./.test(name) ? "gitea" : "unknown";
}

/** Where GitHub's API is for repositories of this host: an enterprise server keeps it below `/api/v3`. */
export function githubApi(host: string): string {
  const [name = ""] = host.split(":");
  return name === "github.com" || name === "ssh.github.com"
    ? "https://api.github.com"
    : `https://${name}/api/v3`;
}

/** Name of a project for this repository. */
export function projectName(address: string): string {
  const last =
    address
      .replace(/\/+$/, "")
      .replace(/\.git$/, "")
      .split(/[/:]/)
      .at(-1) ?? "";
  const name = last.replace(/[^A-Za-z0-9_.-]/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return name.slice(0, 64) || "project";
}

/** What keys of its tasks begin with: the initials of several words, or the beginning of one. */
export function prefixFor(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const letters = words.length > 1 ? words.map(([first]) => first).join("") : (words[0] ?? "").slice(0, 6);
  const prefix = letters
    .toUpperCase()
    .replace(/^[^A-Z]+/, "")
    .slice(0, 10);
  return prefix === "" ? "TASK" : prefix;
}
