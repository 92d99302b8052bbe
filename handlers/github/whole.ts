/** GitHub's issues as a whole: how their texts refer to others, and where their images lie. Pure. */

import type { GithubClient } from "../../forges/github/github.ts";
import type { Item } from "../../forges/tell.ts";
import type { IssueKit } from "../kit.ts";

/** `#12`, as GitHub reads it: nothing of a word or an address before it. */
const NUMBER = /(?<![\w&/#-])#([1-9]\d{0,8})\b/g;

/** Where GitHub keeps what people put into comments; addresses of other hosts are nobody's attachments. */
const IMAGE =
  /https:\/\/(?:github\.com\/(?:user-attachments\/assets|[\w.-]+\/[\w.-]+\/assets)\/[\w/.-]{1,200}|(?:private-)?user-images\.githubusercontent\.com\/[\w/.-]{1,200})/g;

/** References and images are looked for in so many characters. */
const LOOKED_AT_MAX = 65_536;

export const GITHUB_ISSUES: IssueKit<Pick<GithubClient, "spare">> = {
  ask: ({ spare }) => spare,
  text: (body) => body,
  links: (text, { place }) =>
    [...text.slice(0, LOOKED_AT_MAX).matchAll(NUMBER)].map(([, id = ""]): Item => ({ place, id })),
  images: (body) => [...body.slice(0, LOOKED_AT_MAX).matchAll(IMAGE)].map(([address]) => address),
  refs: (item) => [{ source: "github", kind: "issue", id: named(item) }],
  named,
};

function named({ place, id }: Item): string {
  return `${place}#${id}`;
}
