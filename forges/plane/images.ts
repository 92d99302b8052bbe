/**
 * Images of work items of Plane: in the HTML by the id of their file, and files beside it.
 *
 * The documents that were read here say nothing of them. Assumed of Plane's published source (v1.3) and its reference:
 * `P/work-items/ID/attachments/` lists what lies beside an item, and below it `FILE/` leads (302) to an address that is
 * signed for some minutes; it does so for the files of texts, too. Where it does not, `workspaces/SLUG/assets/FILE/`
 * names that address as `asset_url`. With MinIO, the files lie on the host of Plane itself.
 */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { ask, map } from "../api/read.ts";
import { strange } from "../api/refusal.ts";
import type { Attachment, ImageLink, ImagesAsk } from "../images/images.ts";
import { below, type PlaneApi, pages } from "./api.ts";

const HTML_CHARS_MAX = 1_048_576;
const ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** In the editor's own element, or as an address below `/api/assets/v2/`. */
const IMAGE = new RegExp(
  `<(?:image-component|img)\\b[^<>]{0,2000}?\\bsrc="(?:[^"<>]{0,500}/assets/v2/[^"<>]{0,500}/)?(${ID})/?"`,
  "gi",
);

const File = z.object({
  id: z.string(),
  attributes: z.object({ name: z.string().nullish(), type: z.string().nullish() }).nullish(),
  created_by: z.string().nullish(),
  created_at: z.string().nullish(),
});
const Asset = z.object({ asset_url: z.string() });

export function askImages(api: PlaneApi): ImagesAsk {
  const { caller, home } = api;
  return {
    within: (body) =>
      [...body.slice(0, HTML_CHARS_MAX).matchAll(IMAGE)].map(([, id = ""]) => id.toLowerCase()),
    async beside(item): ReturnType<ImagesAsk["beside"]> {
      const path = below(item, "attachments");
      const found = await pages(
        caller.name,
        (query) => api.items(item.place, path, { method: "GET", query }),
        File,
        1,
      );
      // An older Plane has no such list.
      if (found.kind === "refused" && found.because === "missing") return { kind: "ok", value: [] };
      return map(found, ({ items }) => items.flatMap(attachmentOf));
    },
    async find(item, { name }): Promise<Answer<ImageLink>> {
      const path = below(item, "attachments", name);
      const led = await api.items(item.place, path, { method: "GET", also: [302] });
      const to = led.kind === "ok" ? led.value.headers["location"] : undefined;
      if (to !== undefined) return linkTo(to);
      if (led.kind !== "ok" && !(led.kind === "refused" && led.because === "missing")) return led;
      const asset = `${home}/assets/${encodeURIComponent(name)}/`;
      const found = await ask(caller, { method: "GET", path: asset }, Asset);
      return found.kind === "ok" ? linkTo(found.value.asset_url) : found;
    },
  };

  function linkTo(address: string): Answer<ImageLink> {
    const url = URL.parse(address, caller.address)?.href;
    return url === undefined
      ? strange(caller.name, "with a way that leads nowhere")
      : { kind: "ok", value: { url, home: caller.host } };
  }
}

/** Its kind is what it says of itself: whether that is true is seen by its bytes. */
function attachmentOf({ id, attributes, created_by, created_at }: z.infer<typeof File>): Attachment[] {
  const type = attributes?.type ?? "";
  if (!/^image\//i.test(type) || !new RegExp(`^${ID}$`, "i").test(id)) return [];
  const at = Date.parse(created_at ?? "");
  return [{ name: id.toLowerCase(), by: created_by ?? null, at: Number.isFinite(at) ? at : 0 }];
}
