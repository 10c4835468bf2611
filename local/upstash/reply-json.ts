import { type JsonValue, wholeNumber } from "./json.ts";
import { fromBytes, isError, isStatus, type Reply } from "./reply.ts";

/**
 * The encoding of strings in a response: text, or base64 of their bytes (`Upstash-Encoding:
 * base64`).
 */
export type ReplyEncoding = "text" | "base64";

/**
 * A command's response in Upstash's format: `{"result":…}`, or `{"error":"ERR …"}`, which is never
 * encoded.
 */
export function answer(reply: Reply, encoding: ReplyEncoding): JsonValue {
  if (isError(reply)) return { error: fromBytes(reply.error) };
  if (isStatus(reply) && reply.status === "OK") return { result: "OK" };
  return { result: encode(reply, encoding) };
}

/**
 * Inside an array the client decodes every string, so even `OK` and error texts are encoded there.
 */
function encode(reply: Reply, encoding: ReplyEncoding): JsonValue {
  if (reply === null || typeof reply === "number") return reply;
  if (typeof reply === "bigint") return wholeNumber(reply);
  if (typeof reply === "string") return encodeString(reply, encoding);
  if (isStatus(reply)) return encodeString(reply.status, encoding);
  if (isError(reply)) return encodeString(reply.error, encoding);
  return reply.map((item) => encode(item, encoding));
}

function encodeString(bytes: string, encoding: ReplyEncoding): string {
  return encoding === "base64" ? Buffer.from(bytes, "latin1").toString("base64") : fromBytes(bytes);
}
