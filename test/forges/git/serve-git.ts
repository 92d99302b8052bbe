/** Git's own server behind HTTP, which asks for a token. */

import { spawn } from "node:child_process";
import type { RequestListener } from "node:http";

/** @param takes called with the password of `x-access-token` that each request brings; empty where it brings none */
export function serveGit(root: string, takes: (password: string) => boolean): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "https://x");
    const given = Buffer.from(
      (request.headers.authorization ?? "").replace("Basic ", ""),
      "base64",
    ).toString();
    if (!takes(/^x-access-token:(.*)$/.exec(given)?.[1] ?? "")) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
      return;
    }
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env["PATH"],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        REMOTE_USER: "somebody",
        REQUEST_METHOD: request.method,
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        ...(request.headers["content-encoding"] !== undefined && {
          HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
        }),
        ...(request.headers["content-length"] !== undefined && {
          CONTENT_LENGTH: request.headers["content-length"],
        }),
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.once("close", () => {
      const answer = Buffer.concat(chunks);
      const end = answer.indexOf("\r\n\r\n");
      const headers = answer.subarray(0, end).toString("latin1").split("\r\n");
      for (const header of headers) {
        const [name = "", ...value] = header.split(": ");
        if (name === "Status") response.statusCode = Number.parseInt(value.join(), 10);
        else response.setHeader(name, value.join(": "));
      }
      response.end(answer.subarray(end + 4));
    });
  };
}
