import {
  fromBytes,
  isError,
  isStatus,
  type Reply,
  toBytes,
} from "../../../../../local/upstash/reply.ts";

/** Runs a command; texts are encoded and decoded. */
export type Run = (...command: string[]) => Promise<Reply>;

/** A key's value as the page shows it. */
export type RedisValue =
  | { readonly type: "string"; readonly text: string }
  | { readonly type: "hash"; readonly fields: readonly (readonly [name: string, value: string])[] }
  | {
      readonly type: "zset";
      readonly members: readonly (readonly [member: string, score: string])[];
    }
  | {
      readonly type: "stream";
      readonly entries: readonly {
        readonly id: string;
        readonly fields: readonly (readonly [string, string])[];
      }[];
    }
  | { readonly type: "list" | "set"; readonly members: readonly string[] }
  | { readonly type: "none" };

/** How many members of a value are read. */
const MOST_MEMBERS = 200;

/** Encodes the words of commands, and throws the errors of replies. */
export function runner(run: Run): Run {
  return async (...command) => {
    const reply = await run(...command.map(toBytes));
    if (isError(reply)) throw new Error(reply.error);
    return reply;
  };
}

/** Reads a key's value, of a long one the beginning, of a stream the newest entries. */
export async function readValue(run: Run, key: string): Promise<RedisValue> {
  const type = textOf(await run("TYPE", key));
  const most = String(MOST_MEMBERS - 1);
  switch (type) {
    case "string":
      return { type, text: textOf(await run("GET", key)) };
    case "hash":
      return { type, fields: pairs(listOf(await run("HGETALL", key))).slice(0, MOST_MEMBERS) };
    case "zset": {
      const members = await run("ZRANGE", key, "0", most, "WITHSCORES");
      return { type, members: pairs(listOf(members)) };
    }
    case "stream": {
      const found = await run("XREVRANGE", key, "+", "-", "COUNT", String(MOST_MEMBERS));
      const entries = (Array.isArray(found) ? found : []).map((entry) => {
        const [id = "", fields = []] = Array.isArray(entry) ? entry : [];
        return { id: textOf(id), fields: pairs(listOf(fields)) };
      });
      return { type, entries };
    }
    case "list":
      return { type, members: listOf(await run("LRANGE", key, "0", most)) };
    case "set":
      return { type, members: listOf(await run("SMEMBERS", key)).slice(0, MOST_MEMBERS) };
    default:
      return { type: "none" };
  }
}

/** How many members or characters a value has. */
export function sizeOf(value: RedisValue): number {
  switch (value.type) {
    case "string":
      return value.text.length;
    case "hash":
      return value.fields.length;
    case "stream":
      return value.entries.length;
    case "none":
      return 0;
    default:
      return value.members.length;
  }
}

/** A reply as a text. */
export function textOf(reply: Reply): string {
  if (typeof reply === "string") return fromBytes(reply);
  if (reply === null || typeof reply !== "object") return String(reply ?? "");
  return isStatus(reply) ? reply.status : "";
}

/** A reply as a list of texts. */
export function listOf(reply: Reply): string[] {
  return Array.isArray(reply) ? reply.map(textOf) : [];
}

function pairs(items: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: Math.floor(items.length / 2) }, (_, index) => [
    items[2 * index] ?? "",
    items[2 * index + 1] ?? "",
  ]);
}
