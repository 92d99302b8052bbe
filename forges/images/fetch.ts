/**
 * The images of a task, fetched once and kept as files beside each other for as long as the task goes on: what its
 * first run has seen, later ones see, too.
 *
 * F1. Bounded in count (by whoever names them), in bytes of each and of all, in time of each and of all. What is over a
 *     bound is not kept in part.
 * F2. A file is an image by its first bytes alone. Names, endings and what a host says of it count for nothing.
 * F3. What could not be had is told by its reason. It is tried again by the next run where that may help, and else not.
 * F4. Addresses to fetch from are signed, and as good as a password while they last: none is told or kept.
 */

import { z } from "zod";
import type { Clock } from "../../system/clock.ts";
import type { FileFetch } from "../../system/fetch/file.ts";
import { textOf } from "../../system/files/door.ts";
import { placeIn } from "../../system/files/strange-place.ts";
import type { Files } from "../../system/files.ts";
import {
  type ContextImage,
  IMAGE_BYTES_MAX,
  IMAGE_MS,
  IMAGES_BYTES_MAX,
  IMAGES_MS,
} from "../../workflow/outside/context.ts";
import type { Item } from "../tell.ts";
import type { ImageLink, ImagesAsk } from "./images.ts";
import { type ImageKind, imageKind } from "./kind.ts";

export interface FetchingPorts {
  readonly fetch: FileFetch;
  readonly files: Pick<Files, "makeDirectory" | "write" | "door">;
  readonly clock: Pick<Clock, "monotonic">;
}

/** Where the images of a task are asked for. */
export interface ImageSource {
  readonly ask: ImagesAsk;
  readonly at: Item;
}

export interface Folders {
  /** The task's own, where they are kept. Absolute; made where it is not there. */
  readonly kept: string;
  /** Where a run is given them, read-only, by names of ours. */
  readonly given: string;
}

export type GivenImage = ContextImage &
  (
    | { readonly kind: "given" /** Absolute. */; readonly file: string }
    | { readonly kind: "missing"; readonly reason: string }
  );

/** What is known of each by its name: the file beside the list, or why there will be none. */
const Known = z.record(
  z.string(),
  z.union([z.object({ file: z.string().regex(/^\d{1,3}$/) }), z.object({ reason: z.string() })]),
);
type Known = z.infer<typeof Known>;

const LIST = "images.json";
const LIST_BYTES_MAX = 262_144;
const REDIRECTS_MAX = 2;
const MOVED = [301, 302, 303, 307, 308];

/** @param source `null` where nobody can be asked any more */
export async function giveImages(
  ports: FetchingPorts,
  source: ImageSource | null,
  { kept, given }: Folders,
  images: readonly ContextImage[],
): Promise<readonly GivenImage[]> {
  if (images.length === 0) return [];
  const { files, clock } = ports;
  for (const folder of [kept, given]) await files.makeDirectory("images", folder);
  const known = await readList(files, kept);
  const until = clock.monotonic() + IMAGES_MS;
  const told: GivenImage[] = [];
  let left = IMAGES_BYTES_MAX;
  for (const [index, image] of images.entries()) {
    const name = String(index + 1);
    const bounds = { bytes: Math.min(left, IMAGE_BYTES_MAX), until };
    const before = await keptBefore(files, kept, known[image.name]);
    const found = before ?? (await fetchOne(ports, source, image, bounds));
    if (before === null && (found.kind === "image" || found.isFinal)) {
      if (found.kind === "image") await files.write("images", `${kept}/${name}`, found.bytes);
      known[image.name] = found.kind === "image" ? { file: name } : { reason: found.reason };
      await files.write("images", `${kept}/${LIST}`, JSON.stringify(known));
    }
    if (found.kind === "missing") {
      told.push({ ...image, kind: "missing", reason: found.reason });
      continue;
    }
    left -= found.bytes.length;
    const file = `${given}/image-${name}.${found.type}`;
    await files.write("images", file, found.bytes, 0o400);
    told.push({ ...image, kind: "given", file });
  }
  return told;
}

type Fetched =
  | { readonly kind: "image"; readonly type: ImageKind; readonly bytes: Uint8Array }
  /** `isFinal`: to try it again would help nobody. */
  | { readonly kind: "missing"; readonly reason: string; readonly isFinal: boolean };

/** Without a sandbox an agent may have written there, so it is read through the door; `null`: it is to be had anew. */
async function keptBefore(
  { door }: FetchingPorts["files"],
  folder: string,
  known: Known[string] | undefined,
): Promise<Fetched | null> {
  if (known === undefined) return null;
  if ("reason" in known) return { kind: "missing", reason: known.reason, isFinal: true };
  const received = await door.read("images", placeIn(folder, known.file), 0, IMAGE_BYTES_MAX);
  if (received.kind !== "read") return null;
  const found = typed(received.bytes);
  return found.kind === "image" ? found : null;
}

async function readList({ door }: FetchingPorts["files"], folder: string): Promise<Known> {
  const text = textOf(await door.read("images", placeIn(folder, LIST), 0, LIST_BYTES_MAX));
  try {
    return Known.catch({}).parse(JSON.parse(text ?? "{}"));
  } catch (error) {
    // Whoever has broken it loses what it knew: all of it can be fetched again.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

interface Bounds {
  readonly bytes: number;
  /** By the monotonic clock. */
  readonly until: number;
}

async function fetchOne(
  ports: FetchingPorts,
  source: ImageSource | null,
  image: ContextImage,
  bounds: Bounds,
): Promise<Fetched> {
  if (source === null) return later("there is nobody to ask for it");
  if (bounds.bytes <= 0) return never("there is no room for it beside the others");
  if (ports.clock.monotonic() >= bounds.until) return later("the others have taken too long");
  const found = await source.ask.find(source.at, image);
  if (found.kind === "ok") return download(ports, found.value, bounds);
  return found.kind === "refused" && found.because !== "auth" ? never(found.reason) : later(found.reason);
}

async function download(
  { fetch, clock }: FetchingPorts,
  { url, home }: ImageLink,
  bounds: Bounds,
): Promise<Fetched> {
  let address = url;
  for (let left = REDIRECTS_MAX; ; left -= 1) {
    const timeoutMs = Math.min(IMAGE_MS, bounds.until - clock.monotonic());
    if (timeoutMs <= 0) return later("it took too long");
    const got = await fetch.fetch("image", { url: address, home, bytesMax: bounds.bytes, timeoutMs });
    if (got.kind === "refused") return never(got.reason);
    if (got.kind === "unreachable") return later(got.reason);
    const { status, headers, bytes } = got;
    if (status === 200) return typed(bytes);
    const to = MOVED.includes(status) ? URL.parse(headers["location"] ?? "", address) : null;
    if (to === null || left === 0) return answered(status);
    address = to.href;
  }
}

/** F2. */
function typed(bytes: Uint8Array): Fetched {
  const type = imageKind(bytes);
  return type === null
    ? never("it is no PNG, JPEG, GIF or WebP by its first bytes")
    : { kind: "image", type, bytes };
}

function answered(status: number): Fetched {
  const reason = `its host answered ${status}`;
  return status >= 500 || status === 429 || status === 408 ? later(reason) : never(reason);
}

/** F3. */
function later(reason: string): Fetched {
  return { kind: "missing", reason, isFinal: false };
}

function never(reason: string): Fetched {
  return { kind: "missing", reason, isFinal: true };
}
