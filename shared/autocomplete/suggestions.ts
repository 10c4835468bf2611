import * as z from "zod/mini";
import type { PlatformDeps } from "../runtime/deps.ts";
import { parseJson } from "../runtime/http.ts";

/** Something as it is offered while someone types. */
const choice = z.object({ id: z.string(), label: z.string() });
const cachedChoices = z.array(choice);
export type Choice = z.infer<typeof choice>;

/** Who types what. */
export interface Asked {
  readonly userId: string;
  readonly isStaff: boolean;
  /** What is typed behind the last comma. */
  readonly sought: string;
}

/** Where the choices of an option come from, by what the asker may choose. */
export type Suggest<D> = (asked: Asked, deps: D) => Promise<readonly Choice[]>;

/** What caching choices needs. */
export type CacheDeps = Pick<PlatformDeps, "redis" | "log">;

/** As long as someone types: every key press asks again. */
const CACHE_SECONDS = 10;

/** The pattern of the keys under which Redis has what someone was offered. */
export function choiceKeysOf(userId: string): string {
  return `choices:${userId}:*`;
}

/**
 * The choices of one name for a user: from Redis while they type, otherwise from Firestore. They may be ten seconds
 * old, which does no harm: the command itself is always checked. Errors of either are logged, and the result is what is
 * left, at worst an empty list.
 */
export async function cached(
  { whose, name }: { readonly whose: string; readonly name: string },
  { redis, log }: CacheDeps,
  load: () => Promise<readonly Choice[]>,
): Promise<readonly Choice[]> {
  const quietly = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      log.warn("Autocomplete does without a service", {
        error: error instanceof Error ? error.name : "unknown",
      });
      return undefined;
    });

  const key = `choices:${whose}:${name}`;
  const kept = await quietly(redis().then((client) => client.get<string>(key)));
  const known = cachedChoices.safeParse(parseJson(Buffer.from(kept ?? "")));
  if (known.success) return known.data;
  const choices = await quietly(load());
  if (!choices) return [];
  await quietly(
    redis().then((client) => client.set(key, JSON.stringify(choices), { ex: CACHE_SECONDS })),
  );
  return choices;
}
