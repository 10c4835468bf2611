import * as z from "zod/mini";
import type { StudioHost } from "../../../host.ts";
import { defineCall } from "../../../panel.ts";
import { readMeanings } from "./prefixes.ts";
import { listOf, readValue, runner, sizeOf, textOf } from "./values.ts";

/** How many keys a page has, about: SCAN may find more at once. */
const PAGE = "50";
/** How many keys are counted by prefix. */
const MOST_COUNTED = 20_000;

/** Redis: its keys page by page, and the value of one. */
export function redisPanel({ cloud: { upstash, clock } }: StudioHost) {
  const run = runner(async (...command) => {
    if (!upstash) {
      throw new Error("The environment names another Redis, which the studio cannot look into.");
    }
    return upstash.run(...command);
  });
  const meanings = readMeanings();
  const meaningOf = (key: string) => meanings.find(({ prefix }) => key.startsWith(prefix));

  const scan = async (cursor: string, match: string, count: string) => {
    const found = await run("SCAN", cursor, "MATCH", match, "COUNT", count);
    const [next = "0", keys = []] = Array.isArray(found) ? found : [];
    return { next: textOf(next), keys: listOf(keys) };
  };

  const describe = async (key: string) => {
    const value = await readValue(run, key);
    const leftMs = Number(await run("PTTL", key));
    const text = JSON.stringify(value);
    return {
      key,
      type: value.type,
      size: sizeOf(value),
      expiresMs: leftMs >= 0 ? clock.nowMs() + leftMs : undefined,
      /** Changes when the value does. */
      stamp: `${text.length} ${hashOf(text)}`,
    };
  };

  return {
    calls: {
      prefixes: defineCall(z.object({}), async () => {
        const counts = new Map<string, number>();
        let cursor = "0";
        let counted = 0;
        do {
          const { next, keys } = await scan(cursor, "*", "1000");
          for (const key of keys) {
            const prefix = meaningOf(key)?.prefix ?? `${key.split(":")[0]}:`;
            counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
          }
          counted += keys.length;
          cursor = next;
        } while (cursor !== "0" && counted < MOST_COUNTED);
        return [...counts].sort().map(([prefix, keys]) => ({
          prefix,
          keys,
          meaning: meanings.find((each) => each.prefix === prefix),
        }));
      }),
      keys: defineCall(
        z.object({ prefix: z._default(z.string(), ""), cursor: z._default(z.string(), "0") }),
        async ({ prefix, cursor }) => {
          const match = `${prefix.replace(/[\\*?[\]]/g, "\\$&")}*`;
          const { next, keys } = await scan(cursor, match, PAGE);
          const found = await Promise.all([...new Set(keys)].map(describe));
          return {
            keys: found.filter(({ type }) => type !== "none"),
            next: next === "0" ? undefined : next,
          };
        },
      ),
      value: defineCall(z.object({ key: z.string() }), async ({ key }) => ({
        ...(await describe(key)),
        value: await readValue(run, key),
        meaning: meaningOf(key),
      })),
    },
    version: () => upstash?.revision() ?? 0,
  };
}

/** A small number that differs for texts that differ, nearly always. */
function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}
