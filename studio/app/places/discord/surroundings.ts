import { computed, signal } from "@preact/signals";
import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { useEach } from "./use-each.ts";

export type Surroundings = NonNullable<Answer<"discord", "overview">["surroundings"]>;
export type Person = Surroundings["people"][number];
export type Command = Surroundings["commands"][number];

/** People, servers, channels and commands, once they have been read. */
export const surroundings = signal<Surroundings | undefined>(undefined);
/** How often each person was notified without having read it. */
export const pings = signal<Readonly<Record<string, number>>>({});
/** Why nothing can be read. */
export const overviewProblem = signal<string | undefined>(undefined);

/** Keeps `surroundings` and `pings` current while a component with it is shown. */
export function useSurroundings(): void {
  useEach("overview", async () => {
    try {
      const known = surroundings.peek() === undefined ? "" : revision;
      const answer = await call("discord", "overview", { known });
      revision = answer.revision;
      if (answer.surroundings) surroundings.value = answer.surroundings;
      pings.value = answer.pings;
      overviewProblem.value = undefined;
    } catch (error) {
      overviewProblem.value = String((error as Error).message);
    }
  });
}
let revision = "";

const byId = <Item extends { readonly id: string }>(list: readonly Item[] | undefined) =>
  new Map((list ?? []).map((item) => [item.id, item]));

export const people = computed(() => byId(surroundings.value?.people));
export const channels = computed(() => byId(surroundings.value?.channels));
export const roles = computed(() => byId(surroundings.value?.roles));
export const guilds = computed(() => byId(surroundings.value?.guilds));

/** A person's name as others see it; the bot's as well. */
export function nameOf(userId: string): string {
  const user = people.value.get(userId) ?? surroundings.value?.bot;
  if (!user || (user.id !== userId && userId !== surroundings.value?.bot.id)) return "unknown-user";
  return user.global_name ?? user.username;
}

/** Discord's permission by which someone belongs to the team. */
const MANAGE_SERVER = 1n << 5n;

export const isStaff = (person: Person) => (BigInt(person.permissions) & MANAGE_SERVER) !== 0n;

/** The names of what someone is: staff, and their roles. */
export function titlesOf(person: Person): readonly string[] {
  const named = person.roles.map((id) => roles.value.get(id)?.name ?? id);
  return [...(isStaff(person) ? ["staff"] : []), ...named];
}

/** Someone's channels with what is new in them. */
export function useChannels(userId: string) {
  return useCall("discord", "channels", { userId }).value;
}
