import type { Command } from "../engine.ts";
import type { Reply } from "../reply.ts";

const LINE_END = Buffer.from("\r\n");

/**
 * Encodes commands as RESP arrays of bulk strings
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/).
 */
export function encodeCommands(commands: readonly Command[]): Buffer {
  const text = commands
    .map(
      (parts) =>
        `*${parts.length}\r\n${parts.map((part) => `$${part.length}\r\n${part}\r\n`).join("")}`,
    )
    .join("");
  return Buffer.from(text, "latin1");
}

/** Parses RESP2 incrementally: takes chunks, returns complete replies. */
export class ReplyReader {
  #pending: Buffer = Buffer.alloc(0);
  #offset = 0;

  push(chunk: Buffer): Reply[] {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    const replies: Reply[] = [];
    let consumed = 0;
    for (let reply = this.#read(); reply !== undefined; reply = this.#read()) {
      replies.push(reply);
      consumed = this.#offset;
    }
    this.#pending = this.#pending.subarray(consumed);
    this.#offset = 0;
    return replies;
  }

  /** The next reply, or undefined while it is incomplete. */
  #read(): Reply | undefined {
    const line = this.#line();
    if (line === undefined) return undefined;
    const rest = line.slice(1);
    switch (line[0]) {
      case "+":
        return { status: rest };
      case "-":
        return { error: rest };
      case ":":
        return integer(rest);
      case "$":
        return rest === "-1" ? null : this.#bulk(Number(rest));
      case "*":
        return rest === "-1" ? null : this.#array(Number(rest));
      default:
        throw new Error(`redis-server sent an unknown reply: ${line}`);
    }
  }

  #line(): string | undefined {
    const end = this.#pending.indexOf(LINE_END, this.#offset);
    if (end < 0) return undefined;
    const line = this.#pending.toString("latin1", this.#offset, end);
    this.#offset = end + LINE_END.length;
    return line;
  }

  #bulk(length: number): string | undefined {
    const end = this.#offset + length;
    if (this.#pending.length < end + LINE_END.length) return undefined;
    const value = this.#pending.toString("latin1", this.#offset, end);
    this.#offset = end + LINE_END.length;
    return value;
  }

  #array(length: number): Reply[] | undefined {
    const items: Reply[] = [];
    for (let index = 0; index < length; index++) {
      const item = this.#read();
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }
}

function integer(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
