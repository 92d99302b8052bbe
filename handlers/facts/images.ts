/**
 * The images of an item, by who has put them there and when: those in its own text, which somebody who may has asked
 * for as it stands; beside it; and in comments. Only what the project trusts is named (H1 of `whole.ts`), and so many.
 */

import type { CommentView } from "../../forges/ask.ts";
import { CONTEXT_IMAGES_MAX, type ContextImage } from "../../workflow/outside/context.ts";
import type { IssueAsk } from "../kit.ts";
import { nameText } from "../outside-text.ts";
import { type Later, type Looking, settled, trustedOf } from "./looking.ts";

type Images =
  | { readonly kind: "images"; readonly images: readonly ContextImage[]; readonly more: number }
  | Later;

/** Files beside an item, of which so many are looked at. */
const BESIDE_MAX = 100;
/** Images of a name that nobody has given are none. */
const NAME_CHARS_MAX = 300;

/** @param heard comments of people whom the project trusts, oldest first */
export async function imagesAt<Client>(
  ask: IssueAsk,
  heard: readonly CommentView[],
  looking: Looking<Client>,
): Promise<Images> {
  const own = await inText(ask, looking);
  if (own.kind === "retry") return own;
  const beside = await besideText(ask, looking);
  if (beside.kind === "retry") return beside;
  const said = heard
    .toReversed()
    .flatMap(({ id, author, body, createdAt }) =>
      ask.images.within(body).map((name) => ({ name, by: author?.name ?? "", at: createdAt, comment: id })),
    );
  const all = [...own.images, ...beside.images, ...said].filter(({ name }) => name.length <= NAME_CHARS_MAX);
  const once = new Map(all.toReversed().map((image) => [image.name, image]));
  const images = [...new Set(all.map(({ name }) => name))].flatMap((name) => once.get(name) ?? []);
  return {
    kind: "images",
    images: images.slice(0, CONTEXT_IMAGES_MAX).map((image) => ({ ...image, by: nameText(image.by) })),
    more: Math.max(0, images.length - CONTEXT_IMAGES_MAX),
  };
}

/** As it was when it was asked for where that is known; a source whose texts are converted is asked how it stands. */
async function inText<Client>(ask: IssueAsk, { at, body, kit }: Looking<Client>): Promise<Images> {
  const names = ask.images.within(body);
  if (names.length === 0 && !kit.isConverted) return none();
  const found = settled(await ask.item(at), "the item");
  if (found.kind === "retry") return found;
  const item = found.kind === "ok" ? found.value : null;
  const [by, when] = [item?.author?.name ?? "", item?.createdAt ?? 0];
  const all = kit.isConverted ? ask.images.within(item?.body ?? "") : names;
  return { kind: "images", images: all.map((name) => ({ name, by, at: when, comment: null })), more: 0 };
}

async function besideText<Client>(ask: IssueAsk, looking: Looking<Client>): Promise<Images> {
  const listed = settled(await ask.images.beside(looking.at), "the files beside it");
  if (listed.kind === "retry") return listed;
  if (listed.kind === "refused") return none();
  const files = listed.value.filter(({ at }) => at <= looking.until).slice(0, BESIDE_MAX);
  const people = files.map(({ by }) =>
    by === null ? null : { name: by, id: by, isBot: false, standing: null },
  );
  const known = await trustedOf(people, looking);
  if (known.kind === "retry") return known;
  const images = files.flatMap(({ name, by, at }) =>
    by !== null && known.names.has(by) ? [{ name, by, at, comment: null }] : [],
  );
  return { kind: "images", images, more: 0 };
}

function none(): Images {
  return { kind: "images", images: [], more: 0 };
}
