/**
 * The environment of the daemon's git: the daemon's own, of which git sees an allow-listed part (`forges/git/git.ts`),
 * and the certificates that the operator added for Node. Git has a variable of its own for a file that holds them all;
 * where the operator has set that, it stays.
 */

import { trustedCertificates } from "../system/ca-bundle.ts";
import type { Files } from "../system/files.ts";
import { using } from "./unusable.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Unusable when the certificates cannot be written to the data directory */
export async function gitEnvironment(files: Files, dataDir: string, env: Environment): Promise<Environment> {
  if (!env["NODE_EXTRA_CA_CERTS"] || env["GIT_SSL_CAINFO"]) return env;
  const path = `${dataDir}/ca-certificates.pem`;
  const remedy = "it must be a file that the daemon's user may write; it may be removed";
  await using(path, remedy, () => files.write("certificates", path, trustedCertificates()));
  return { ...env, GIT_SSL_CAINFO: path };
}
