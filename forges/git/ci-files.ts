/** Files that a CI, or Chargehand itself, acts on: a push that changes one runs what it says, with the CI's rights. */

const PATTERNS: readonly RegExp[] = [
  /^\.github\/(workflows|actions)\//,
  /^\.gitlab-ci\.yml$/,
  /^\.(gitea|forgejo|circleci|buildkite|chargehand)\//,
  /^\.woodpecker(\/|[^/]*\.ya?ml$)/,
  /^Jenkinsfile$/,
  /^(azure-pipelines|bitbucket-pipelines|\.travis|\.drone)\.ya?ml$/,
];

/** Those of the paths that it is about. */
export function ciFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => PATTERNS.some((pattern) => pattern.test(path)));
}

const TOLD_MAX = 3;

/** `"a.yml", "b.yml", "c.yml" and 2 more`. */
export function tellCiFiles(paths: readonly string[]): string {
  const told = paths.slice(0, TOLD_MAX).map((path) => JSON.stringify(path));
  const more = paths.length > told.length ? ` and ${paths.length - told.length} more` : "";
  return `${told.join(", ")}${more}`;
}
