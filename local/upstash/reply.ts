/**
 * A Redis command's reply, for both engines. Strings are byte strings: one UTF-16 code unit per
 * byte, 0 to 255, so that any value survives unchanged. Integers beyond 2^53 are bigints.
 */
export type Reply = string | number | bigint | null | StatusReply | ErrorReply | readonly Reply[];

/** A simple string such as `OK` or `PONG`, which Redis distinguishes from values. */
export interface StatusReply {
  readonly status: string;
}

/** An error; its first word is Redis's error code. */
export interface ErrorReply {
  readonly error: string;
}

/** The reply of commands without a result. */
export const OK: StatusReply = { status: "OK" };

/** Whether a reply is an error. */
export function isError(reply: Reply): reply is ErrorReply {
  return typeof reply === "object" && reply !== null && "error" in reply;
}

/** Whether a reply is a simple string. */
export function isStatus(reply: Reply): reply is StatusReply {
  return typeof reply === "object" && reply !== null && "status" in reply;
}

/** The UTF-8 bytes of a text, one code unit per byte. */
export function toBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The text of a UTF-8 byte string; invalid bytes become replacement characters. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
