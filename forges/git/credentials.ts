/** User and password of a remote: taken out of its address, and written as git's own helper reads them. */

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/**
 * What to say to a remote; `null` where nobody knows anything to say, or why what there is could not be had.
 * @param refused what the remote did not take: another is wanted, if there is one
 */
export type CredentialFor = (
  address: string,
  refused: Credential | null,
) => Promise<Credential | { readonly reason: string } | null>;

/** Over HTTP everything before the `@` is secret; over ssh it is only the name of a user, and stays. */
export function splitUrl(url: string): { readonly address: string; readonly credential: Credential | null } {
  const [, scheme = "", user = "", rest = ""] = /^(https?:\/\/)([^@/]*)@(.*)$/i.exec(url) ?? [];
  if (scheme === "") return { address: url, credential: null };
  const colon = user.indexOf(":");
  const username = decoded(colon < 0 ? user : user.slice(0, colon));
  const password = colon < 0 ? "" : decoded(user.slice(colon + 1));
  return { address: `${scheme}${rest}`, credential: { username, password } };
}

/** A line of the file that `git credential-store` reads. */
export function credentialLine(address: string, { username, password }: Credential): string {
  const [, scheme = "https", host = ""] = /^(https?):\/\/([^/]+)/i.exec(address) ?? [];
  return `${scheme.toLowerCase()}://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${host}\n`;
}

/** The host of an address over HTTPS, with its port; `null` for others. */
export function secureHost(address: string): string | null {
  return /^https:\/\/([^/@]+)(\/|$)/i.exec(address)?.[1]?.toLowerCase() ?? null;
}

/** The repository that an address over HTTPS names, as a forge calls it: `acme/shop`; `null` for others. */
export function repositoryOf(address: string): string | null {
  return /^https:\/\/[^/@]+\/([^/]+\/[^/]+?)(?:\.git)?\/?$/i.exec(address)?.[1] ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
