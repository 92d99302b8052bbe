/** The server's end of a WebSocket (RFC 6455): text frames, ping and close. No library of ours has one. */

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODES = { more: 0x0, text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface Peer {
  send(text: string): void;
  ping(): void;
  close(): void;
  /** Without a word, as a network does. */
  cut(): void;
}

/** @param heard is told each text, and `null` at the end */
export function accept(request: IncomingMessage, socket: Duplex, heard: (text: string | null) => void): Peer {
  const key = String(request.headers["sec-websocket-key"]);
  const proof = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`,
  );
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    heard(null);
  };
  const write = (opcode: number, text = ""): void => void (isOver || socket.write(frame(opcode, text)));
  let rest = Buffer.alloc(0);
  let parts = "";
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let one = take(rest); one !== null; one = take(rest)) {
      rest = rest.subarray(one.length);
      if (one.opcode === OPCODES.close) {
        write(OPCODES.close);
        socket.end();
        over();
      } else if (one.opcode === OPCODES.ping) {
        write(OPCODES.pong, one.text);
      } else if (one.opcode === OPCODES.text || one.opcode === OPCODES.more) {
        parts += one.text;
        if (one.isLast) {
          heard(parts);
          parts = "";
        }
      }
    }
  });
  socket.on("close", over);
  socket.on("error", over);
  return {
    send: (text) => write(OPCODES.text, text),
    ping: () => write(OPCODES.ping),
    close: () => {
      write(OPCODES.close);
      socket.end();
      over();
    },
    cut: () => {
      socket.destroy();
      over();
    },
  };
}

function frame(opcode: number, text: string): Buffer {
  const data = Buffer.from(text);
  const head = data.length < 126 ? Buffer.alloc(2) : Buffer.alloc(data.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (data.length < 126) head[1] = data.length;
  else if (data.length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(data.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(data.length), 2);
  }
  return Buffer.concat([head, data]);
}

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly text: string;
  /** Of all of it, in bytes. */
  readonly length: number;
}

/** The first whole frame, which a client has masked. */
function take(bytes: Buffer): Frame | null {
  if (bytes.length < 6) return null;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 6 + extra) return null;
  const size = extra === 2 ? bytes.readUInt16BE(2) : extra === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  const from = 2 + extra + 4;
  if (bytes.length < from + size) return null;
  const mask = bytes.subarray(from - 4, from);
  const data = Buffer.from(bytes.subarray(from, from + size)).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  const text = Buffer.from(data).toString("utf8");
  return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, text, length: from + size };
}
