/** Errors of the API as problem documents (RFC 9457). */

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

export interface ProblemDetails {
  readonly detail?: string;
  /** The status that forbids it. */
  readonly state?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export function problem(
  status: number,
  details: ProblemDetails,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = JSON.stringify({ type: "about:blank", title: TITLES[status] ?? "Error", status, ...details });
  return new Response(body, { status, headers: { "content-type": "application/problem+json", ...headers } });
}
