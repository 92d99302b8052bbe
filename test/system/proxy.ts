/** A proxy that notes what it is asked, and a server whose certificate only its own authority vouches for. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, request } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { listen } from "./served.ts";

const OPENSSL = "openssl";

export interface Proxy {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** `CONNECT host:port` and `GET http://…`, in order. */
  readonly asked: readonly string[];
}

export async function startProxy(t: TestContext): Promise<Proxy> {
  const asked: string[] = [];
  const server = createHttpServer((incoming, answer) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const onward = request(
      incoming.url ?? "",
      { method: incoming.method, headers: incoming.headers },
      (found) => {
        answer.writeHead(found.statusCode ?? 0, found.headers);
        found.pipe(answer);
      },
    );
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, socket, head) => {
    asked.push(`CONNECT ${incoming.url}`);
    const [host = "", port = ""] = (incoming.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  t.after(() => server.closeAllConnections());
  return { url: `http://${await listen(t, server)}`, asked };
}

export interface Trusted {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** The file with its authority. */
  readonly authority: string;
}

export async function serveTls(t: TestContext, listener: RequestListener): Promise<Trusted> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-tls-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, authority] = [join(folder, "key.pem"), join(folder, "authority.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    OPENSSL,
    ["req", "-x509", "-nodes", "-days", "2", ...curve, ...name, "-keyout", key, "-out", authority],
    { stdio: "pipe" },
  );
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(authority) }, listener);
  t.after(() => server.closeAllConnections());
  return { host: await listen(t, server), authority };
}
