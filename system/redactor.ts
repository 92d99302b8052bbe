/**
 * What agents and programs say may hold a secret that we know (I12). Here it is taken out: of lines of the log, of
 * reasons and summaries before they are stored, of logs of runs before they are shown.
 *
 * R1. A secret is known in the spellings that programs turn it into without meaning to: as it is, inside a JSON string,
 *     in a URL, and in base64 wherever it may begin within other bytes (the token behind a user name, say).
 * R2. A short secret is taken out where it stands as a word of its own, because within others it would black out
 *     ordinary text. One of up to three characters is none that could be kept, and is left.
 * R3. Once known, always known: a secret that was exchanged is still one. Of those that pass by themselves (tokens of
 *     an hour) the newest are known: there is no end of them.
 *
 * It is no wall: who wants to carry a secret out can spell it in ways that nobody knows.
 */

export interface Redactor {
  /** The text with `[secret]` in place of every secret. */
  redact(text: string): string;
  /** The bytes with as many asterisks in place of every secret, so that offsets stay true. */
  mask(bytes: Uint8Array): Uint8Array;
  /** Bytes of the longest spelling: what two pieces of one text must overlap in, or a secret hides between them. */
  reach(): number;
  learn(secrets: readonly string[]): void;
  /** One that is good for an hour or so: known until many others have come. */
  learnPassing(secret: string): void;
}

/** R3. Of an hour each: a place has few. */
const PASSING_MAX = 64;

/** From here on a secret is one wherever it stands … */
const ANYWHERE_LENGTH_MIN = 6;
/** … and from here on as a word of its own. */
const WORD_LENGTH_MIN = 4;

export function createRedactor(secrets: readonly string[]): Redactor {
  const known = new Set<string>();
  const passing = new Set<string>();
  let pattern: RegExp | null = null;
  let needles: readonly Needle[] = [];
  const learn = (more: readonly string[]): void => {
    for (const secret of more) known.add(secret);
    const all = spellings([...known, ...passing]);
    needles = all.map((spelling) => ({ bytes: Buffer.from(spelling), isWord: isShort(spelling) }));
    // The longest first, as one may begin with another.
    pattern = all.length === 0 ? null : new RegExp(all.map(patternOf).join("|"), "g");
  };
  learn(secrets);
  return {
    redact: (text) => (pattern === null ? text : text.replace(pattern, "[secret]")),
    mask(bytes): Uint8Array {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (const { bytes: needle, isWord } of needles)
        for (let at = buffer.indexOf(needle); at >= 0; at = buffer.indexOf(needle, at + needle.length))
          if (!isWord || isAlone(buffer, at, at + needle.length)) buffer.fill("*", at, at + needle.length);
      return bytes;
    },
    reach: () => needles.reduce((most, needle) => Math.max(most, needle.bytes.length), 0),
    learn,
    learnPassing(secret): void {
      passing.delete(secret);
      passing.add(secret);
      const [oldest] = passing;
      if (passing.size > PASSING_MAX && oldest !== undefined) passing.delete(oldest);
      learn([]);
    },
  };
}

interface Needle {
  readonly bytes: Buffer;
  /** Only where it stands alone (R2). */
  readonly isWord: boolean;
}

function isShort(spelling: string): boolean {
  return spelling.length < ANYWHERE_LENGTH_MIN;
}

const OF_WORDS = "A-Za-z0-9";

/** R2. */
function patternOf(spelling: string): string {
  const plain = escaped(spelling);
  return isShort(spelling) ? `(?<![${OF_WORDS}])${plain}(?![${OF_WORDS}])` : plain;
}

/** Whether no letter and no digit stands around it. */
function isAlone(buffer: Buffer, from: number, to: number): boolean {
  const around = [buffer[from - 1], buffer[to]];
  return !around.some((byte) => byte !== undefined && IS_OF_WORDS.test(String.fromCharCode(byte)));
}

const IS_OF_WORDS = new RegExp(`[${OF_WORDS}]`);

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** R1. */
function spellings(secrets: readonly string[]): readonly string[] {
  const told = secrets.filter((secret) => secret.length >= WORD_LENGTH_MIN);
  const all = told.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    ...inBase64(secret),
  ]);
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

/** Bytes of base64 that every text has in common which holds the secret, by where in a group of three it begins. */
function inBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Characters at both ends that hold bits of the neighbours, too, are left out.
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const common = text.slice(from, to);
    return common.length < BASE64_LENGTH_MIN
      ? []
      : [common, common.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** Of so many characters nobody meets the same by chance. */
const BASE64_LENGTH_MIN = 8;
