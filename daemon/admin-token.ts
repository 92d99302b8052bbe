/** The token of the admin side: made at the first start, readable by the daemon's user alone. */

import type { Chance } from "../system/chance.ts";
import type { Files } from "../system/files.ts";

const TOKEN_BYTES_MAX = 4_096;

/** The token of this data directory; made if there is none yet. */
export async function adminToken(files: Files, chance: Chance, dataDir: string): Promise<string> {
  const path = `${dataDir}/admin-token`;
  const known = (await files.read("admin-token", path, TOKEN_BYTES_MAX))?.trim();
  if (known !== undefined && known !== "") return known;
  const token = chance.token();
  await files.write("admin-token", path, `${token}\n`);
  return token;
}
