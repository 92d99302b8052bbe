/** GitHub's issues as a whole: how their texts refer to others. Pure. */

import type { GithubClient } from "../../forges/github/github.ts";
import type { Item } from "../../forges/tell.ts";
import type { IssueKit } from "../kit.ts";

/** `#12`, as GitHub reads it: nothing of a word or an address before it. */
const NUMBER = /(?<![\w&/#-])#([1-9]\d{0,8})\b/g;

/** References are looked for in so many characters. */
const LOOKED_AT_MAX = 65_536;

export const GITHUB_ISSUES: IssueKit<Pick<GithubClient, "spare">> = {
  ask: ({ spare }) => spare,
  text: (body) => body,
  isConverted: false,
  links: (text, { place }) =>
    [...text.slice(0, LOOKED_AT_MAX).matchAll(NUMBER)].map(([, id = ""]): Item => ({ place, id })),
  refs: (item) => [{ source: "github", kind: "issue", id: named(item) }],
  named,
};

function named({ place, id }: Item): string {
  return `${place}#${id}`;
}
