/** What Discord refuses of a message or a form, with the words in which it does: code 50035 and a tree of errors. */

export interface Fault {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

const CONTENT_MAX = 2_000;
const EMBEDS_MAX = 10;
const EMBED_TEXT_MAX = 6_000;
const FLAGS_ALLOWED = 4 | 64 | 4_096 | 32_768;
const LIMITS: readonly (readonly [field: string, most: number])[] = [
  ["title", 256],
  ["description", 4_096],
];
const KNOWN = [
  "content",
  "embeds",
  "components",
  "allowed_mentions",
  "flags",
  "nonce",
  "enforce_nonce",
  "message_reference",
  "tts",
];

export function lengthOf(text: string): number {
  return [...text].length;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param body of a new message, or of an edit, which may leave out fields */
export function faultsOfMessage(body: Fields): readonly Fault[] {
  return [
    ...Object.keys(body)
      .filter((key) => !KNOWN.includes(key))
      .map((key) => ({ path: key, code: "UNKNOWN_FIELD", message: "this field does not exist" })),
    ...faultsOfText(body["content"], "content", 0, CONTENT_MAX),
    ...faultsOfText(body["nonce"], "nonce", 1, 25),
    ...faultsOfEmbeds(body["embeds"]),
    ...faultsOfRows(body["components"]),
    ...(typeof body["flags"] === "number" && (body["flags"] & ~FLAGS_ALLOWED) !== 0
      ? [{ path: "flags", code: "BASE_TYPE_CHOICES", message: "Value must be one of the allowed flags." }]
      : []),
  ];
}

function faultsOfText(value: unknown, path: string, least: number, most: number): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string")
    return [{ path, code: "STRING_TYPE_CONVERT", message: "Could not interpret value as string." }];
  if (!value.isWellFormed()) return [{ path, code: "BAD_UNICODE", message: "surrogates are not allowed" }];
  if (lengthOf(value) > most || lengthOf(value) < least)
    return [
      {
        path,
        code: "BASE_TYPE_BAD_LENGTH",
        message: `Must be between ${least} and ${most} in length.`,
      },
    ];
  return [];
}

function faultsOfEmbeds(value: unknown): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > EMBEDS_MAX)
    return [{ path: "embeds", code: "BASE_TYPE_MAX_LENGTH", message: "Must be 10 or fewer in length." }];
  const embeds: readonly unknown[] = value;
  const texts = embeds
    .filter(isFields)
    .reduce(
      (sum, embed) => sum + LIMITS.reduce((own, [field]) => own + lengthOf(String(embed[field] ?? "")), 0),
      0,
    );
  const faults = embeds.flatMap((embed, index): readonly Fault[] => {
    const path = `embeds.${index}`;
    if (!isFields(embed)) return [{ path, code: "MODEL_TYPE_CONVERT", message: "Only dictionaries." }];
    return [
      ...LIMITS.flatMap(([field, most]) => faultsOfText(embed[field], `${path}.${field}`, 1, most)),
      ...faultsOfUrl(embed["url"], `${path}.url`),
      ...(embed["title"] === undefined && embed["description"] === undefined
        ? [{ path: `${path}.description`, code: "BASE_TYPE_REQUIRED", message: "This field is required" }]
        : []),
    ];
  });
  return texts > EMBED_TEXT_MAX
    ? [
        ...faults,
        {
          path: "embeds",
          code: "MAX_EMBED_SIZE_EXCEEDED",
          message: "Embed size exceeds maximum size of 6000",
        },
      ]
    : faults;
}

function faultsOfUrl(value: unknown, path: string): readonly Fault[] {
  if (value === undefined) return [];
  const url = typeof value === "string" && value.length <= 2_048 ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname.includes(".")
    ? []
    : [{ path, code: "URL_TYPE_INVALID_URL", message: "Not a well formed URL." }];
}

function faultsOfRows(value: unknown): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 5)
    return [
      { path: "components", code: "BASE_TYPE_BAD_LENGTH", message: "Must be between 1 and 5 in length." },
    ];
  const ids = new Set<unknown>();
  const rows: readonly unknown[] = value;
  return rows.flatMap((row, at): readonly Fault[] => {
    const path = `components.${at}`;
    if (!isFields(row) || row["type"] !== 1 || !Array.isArray(row["components"]))
      return [{ path, code: "UNION_TYPE_CHOICES", message: 'Value of field "type" must be one of (1,).' }];
    const buttons: readonly unknown[] = row["components"];
    const size =
      buttons.length < 1 || buttons.length > 5
        ? [
            {
              path: `${path}.components`,
              code: "BASE_TYPE_BAD_LENGTH",
              message: "Must be between 1 and 5 in length.",
            },
          ]
        : [];
    return [
      ...size,
      ...buttons.flatMap((button, index) => faultsOfButton(button, `${path}.components.${index}`, ids)),
    ];
  });
}

function faultsOfButton(button: unknown, path: string, ids: Set<unknown>): readonly Fault[] {
  if (!isFields(button) || button["type"] !== 2 || ![1, 2, 3, 4].includes(Number(button["style"])))
    return [{ path, code: "UNION_TYPE_CHOICES", message: "it is no button of a known style" }];
  const id = button["custom_id"];
  const isDouble = ids.has(id);
  ids.add(id);
  return [
    ...(typeof id === "string"
      ? faultsOfText(id, `${path}.custom_id`, 1, 100)
      : [{ path: `${path}.custom_id`, code: "BASE_TYPE_REQUIRED", message: "This field is required" }]),
    ...(typeof button["label"] === "string"
      ? faultsOfText(button["label"], `${path}.label`, 1, 80)
      : [{ path: `${path}.label`, code: "BASE_TYPE_REQUIRED", message: "A component must have a label" }]),
    ...(isDouble
      ? [
          {
            path: `${path}.custom_id`,
            code: "COMPONENT_CUSTOM_ID_DUPLICATED",
            message: "Component custom id cannot be duplicated",
          },
        ]
      : []),
  ];
}

/** Of the data of a form (an answer of type 9). */
export function faultsOfForm(data: unknown): readonly Fault[] {
  if (!isFields(data))
    return [{ path: "data", code: "BASE_TYPE_REQUIRED", message: "This field is required" }];
  const components: readonly unknown[] = Array.isArray(data["components"]) ? data["components"] : [];
  const [label] = components;
  const field = isFields(label) ? label["component"] : undefined;
  if (components.length !== 1 || !isFields(label) || label["type"] !== 18 || !isFields(field))
    return [{ path: "data.components", code: "UNION_TYPE_CHOICES", message: "one label with a component" }];
  const most = Number(field["max_length"] ?? 4_000);
  return [
    ...faultsOfText(data["custom_id"] ?? "", "data.custom_id", 1, 100),
    ...faultsOfText(data["title"] ?? "", "data.title", 1, 45),
    ...faultsOfText(label["label"] ?? "", "data.components.0.label", 1, 45),
    ...faultsOfText(field["custom_id"] ?? "", "data.components.0.component.custom_id", 1, 100),
    ...(field["type"] !== 4 || ![1, 2].includes(Number(field["style"])) || most < 1 || most > 4_000
      ? [{ path: "data.components.0.component", code: "CHOICES", message: "no text input" }]
      : []),
  ];
}

/** As Discord tells them: by field, leaves in lists named `_errors`. */
export function treeOf(faults: readonly Fault[]): object {
  const tree: Record<string, unknown> = {};
  for (const { path, code, message } of faults) {
    let at = tree;
    for (const part of path.split(".")) {
      const inner = at[part] ?? {};
      at[part] = inner;
      at = inner as Record<string, unknown>;
    }
    const before: readonly unknown[] = Array.isArray(at["_errors"]) ? at["_errors"] : [];
    at["_errors"] = [...before, { code, message }];
  }
  return tree;
}
