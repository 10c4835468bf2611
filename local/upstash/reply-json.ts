import { type JsonValue, wholeNumber } from "./json.ts";
import { fromBytes, isError, isStatus, type Reply } from "./reply.ts";

/** How strings travel in an answer: as text, or as base64 of their bytes (`Upstash-Encoding: base64`). */
export type ReplyEncoding = "text" | "base64";

/** One command's answer as Upstash writes it: `{"result":…}`, or `{"error":"ERR …"}` never encoded. */
export function answer(reply: Reply, encoding: ReplyEncoding): JsonValue {
  if (isError(reply)) return { error: fromBytes(reply.error) };
  if (isStatus(reply) && reply.status === "OK") return { result: "OK" };
  return { result: encode(reply, encoding) };
}

/** Inside an array the client decodes every string, so there even `OK` is encoded, and an error's text too. */
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
