/**
 * Images in issues and comments of GitHub.
 *
 * The documents that were read here say nothing of them. Assumed, as GitHub's own pages and well-known Actions have it:
 * an image in a text is `/user-attachments/assets/GUID`, which wants a person who is logged in; the same text as HTML
 * (`body_html`, asked for by the media type `full`) names it by an address that is signed for some minutes, on another
 * host, with the same GUID. An image of a public repository, and one of before 2023, is open to all by its own address.
 * An Enterprise Server has all of it on its own host.
 */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { ask } from "../api/read.ts";
import type { ImageLink, ImagesAsk } from "../images/images.ts";
import { at, type GithubApi } from "./api.ts";

/** Images are looked for in so many characters, which is as long as a text can be there. */
const LOOKED_AT_MAX = 65_536;
const HTML_CHARS_MAX = 1_048_576;

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const SIGNED_HOST = "private-user-images.githubusercontent.com";
const OPEN = "https://(?:private-)?user-images\\.githubusercontent\\.com/[\\w/.-]{1,200}";

const Rendered = z.object({ body_html: z.string().nullish() });

export function askImages({ caller }: GithubApi): ImagesAsk {
  const isCloud = caller.host === "api.github.com";
  const site = isCloud ? "https://github.com" : (URL.parse(caller.address)?.origin ?? "");
  const home = isCloud ? null : caller.host;
  const own = `${RegExp.escape(site)}/(?:user-attachments/assets|[\\w.-]+/[\\w.-]+/assets)/[\\w/.-]{1,200}`;
  const pattern = new RegExp(isCloud ? `${own}|${OPEN}` : own, "g");
  return {
    within: (body) => [...body.slice(0, LOOKED_AT_MAX).matchAll(pattern)].map(([address]) => address),
    beside: async () => ({ kind: "ok", value: [] }),
    async find({ place, id }, { name, comment }): Promise<Answer<ImageLink>> {
      const plain = { url: name, home };
      const guid = GUID.exec(name)?.[0].toLowerCase();
      if (guid === undefined) return { kind: "ok", value: plain };
      const path = comment === null ? at(place, "issues", id) : at(place, "issues", "comments", comment);
      const accept = "application/vnd.github.full+json";
      const found = await ask(caller, { method: "GET", path, accept }, Rendered);
      if (found.kind !== "ok") return found;
      const host = home ?? SIGNED_HOST;
      const url = signedIn(found.value.body_html ?? "", guid, host);
      return { kind: "ok", value: url === null ? plain : { url, home } };
    },
  };
}

/** The GUID stands in the last part of its path: text that only holds it names no other file. */
function signedIn(html: string, guid: string, host: string): string | null {
  for (const [, text = ""] of html.slice(0, HTML_CHARS_MAX).matchAll(/"(https?:\/\/[^"<>\s]{1,4000})"/g)) {
    const url = URL.parse(text.replaceAll("&amp;", "&"));
    const file = url?.pathname.split("/").at(-1)?.toLowerCase() ?? "";
    if (url?.host === host && url.search !== "" && file.includes(guid)) return url.href;
  }
  return null;
}
