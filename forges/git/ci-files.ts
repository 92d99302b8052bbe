/**
 * Files that a CI, or Chargehand itself, acts on: a push that changes one runs what it says, with the CI's rights.
 *
 * F1. What stands where the folder would be (a file, a link, a submodule) replaces all of it, and is held like it.
 * F2. A path is what the disks of other people make of it: some do not tell letters by case, and drop blanks and dots
 *     at the end and characters that nobody sees.
 */

import { commitOf, differences, differencesSince, type OwnRepository } from "./own.ts";

const PATTERNS: readonly RegExp[] = [
  /^\.github(\/(workflows|actions)(\/|$)|$)/,
  /^\.gitlab-ci\.yml$/,
  /^\.(gitea|forgejo|circleci|buildkite|chargehand)(\/|$)/,
  /^\.woodpecker(\/|[^/]*\.ya?ml$|$)/,
  /^jenkinsfile$/,
  /^(azure-pipelines|bitbucket-pipelines|\.travis|\.drone)\.ya?ml$/,
];

/** Those of the paths that it is about. */
export function ciFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const plain = path.split("/").map(plainPart).join("/");
    return PATTERNS.some((pattern) => pattern.test(plain));
  });
}

/** F2. The part after a colon names a stream of the file before it. */
function plainPart(part: string): string {
  const seen = part.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  return seen
    .toUpperCase()
    .toLowerCase()
    .replace(/:.*$/s, "")
    .replace(/[. ]+$/, "");
}

/** Those by which a commit differs from where it left the base. */
export async function ciFilesSince(
  own: OwnRepository,
  base: string,
  commit: string,
): Promise<readonly string[]> {
  return ciFiles((await differencesSince(own, base, commit)).map(({ path }) => path));
}

/**
 * Those by which a tree differs from the base's, however that came: but for what one of the allowed commits has brought
 * there exactly so.
 */
export async function ciFilesBeyond(
  own: OwnRepository,
  base: string,
  tree: string,
  allowed: readonly string[],
): Promise<readonly string[]> {
  const all = await differences(own, base, tree);
  const ci = new Set(ciFiles(all.map(({ path }) => path)));
  let left = all.filter(({ path }) => ci.has(path));
  for (const commit of new Set(allowed)) {
    if (left.length === 0) break;
    if ((await commitOf(own, commit)) === null) continue;
    const brought = await differencesSince(own, base, commit);
    const becomes = new Map(brought.map((one) => [one.path, one.becomes]));
    left = left.filter((one) => becomes.get(one.path) !== one.becomes);
  }
  return left.map(({ path }) => path);
}

const TOLD_MAX = 3;

/** `"a.yml", "b.yml", "c.yml" and 2 more`. */
export function tellCiFiles(paths: readonly string[]): string {
  const told = paths.slice(0, TOLD_MAX).map((path) => JSON.stringify(path));
  const more = paths.length > told.length ? ` and ${paths.length - told.length} more` : "";
  return `${told.join(", ")}${more}`;
}
