/** What a file is by its first bytes, whatever it is called: an image that programs can show, or none. Pure. */

export type ImageKind = "png" | "jpeg" | "gif" | "webp";

/** Texts of a page or a drawing (HTML, SVG) begin like none of these. */
const BEGINNINGS: readonly (readonly [kind: ImageKind, bytes: RegExp])[] = [
  ["png", /^\x89PNG\r\n\x1a\n/],
  ["jpeg", /^\xff\xd8\xff/],
  ["gif", /^GIF8[79]a/],
  ["webp", /^RIFF[\s\S]{4}WEBPVP8[ LX]/],
];

export function imageKind(bytes: Uint8Array): ImageKind | null {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return BEGINNINGS.find(([, pattern]) => pattern.test(head))?.[0] ?? null;
}
