/**
 * What a Redis command answers, the same for both engines. Strings are byte strings: one UTF-16 code
 * unit per byte, 0 to 255, so that any value survives unchanged. Integers beyond 2^53 are bigints.
 */
export type Reply = string | number | bigint | null | StatusReply | ErrorReply | readonly Reply[];

/** A simple string such as `OK` or `PONG`, which Redis tells apart from a value. */
export interface StatusReply {
  readonly status: string;
}

/** An error, with Redis's code as its first word. */
export interface ErrorReply {
  readonly error: string;
}

/** The answer of every command that has nothing else to say. */
export const OK: StatusReply = { status: "OK" };

/** Whether a reply says that the command failed. */
export function isError(reply: Reply): reply is ErrorReply {
  return typeof reply === "object" && reply !== null && "error" in reply;
}

/** Whether a reply is a simple string. */
export function isStatus(reply: Reply): reply is StatusReply {
  return typeof reply === "object" && reply !== null && "status" in reply;
}

/** A text as the bytes of its UTF-8 form, one code unit per byte. */
export function toBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The text whose UTF-8 form a byte string holds; broken bytes become replacement characters. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
