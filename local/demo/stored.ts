import { community } from "../cloud/community.ts";
import { people, type Stage } from "./cast.ts";

/** Records of handled interactions and sign-ins, which every attempt creates. */
const ATTEMPTS = /^(processed|sign_ins)\//;
/** Matches the collection group of every collection. */
const EVERY_COLLECTION = "";

/**
 * Everything with an effect or visible to others: every Firestore document, what each channel and
 * each person's DMs contain, and the number of Stripe events. It excludes the attempts themselves
 * and what concerns one person: their documents, their DMs, and the operators' channel.
 */
export async function everythingBut(
  who: string,
  { discord, firestore, stripe }: Stage,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const document of (await firestore.collectionGroup(EVERY_COLLECTION).get()).docs) {
    const { path } = document.ref;
    if (ATTEMPTS.test(path) || path.split("/")[1] === who) continue;
    found.set(path, JSON.stringify(document.data()));
  }
  const { generalChannelId, marketplaceChannelId, ordersChannelId, racesChannelId } = community;
  for (const id of [generalChannelId, marketplaceChannelId, ordersChannelId, racesChannelId]) {
    found.set(`channel ${id}`, JSON.stringify(discord.messages(id)));
  }
  for (const [name, id] of Object.entries(people)) {
    if (id !== who) found.set(`DMs to ${name}`, JSON.stringify(discord.dms(id)));
  }
  return found.set("events at Stripe", String(stripe.events().length));
}

/** The keys that differ between two snapshots: added, changed or deleted. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}
