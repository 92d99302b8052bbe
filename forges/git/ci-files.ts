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
