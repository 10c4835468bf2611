import { community } from "../../../../local/cloud/community.ts";
import { ADDRESS_MARKER, PHONE_MARKER } from "../../../../local/stripe/objects/addresses.ts";
import { mustEqual } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";

const PLACE = "addresses found";
const CHARACTERS = 300;

/** From now on all that is stored in Firestore or logged is searched for addresses. */
export function watchAddresses(stage: Stage): void {
  const found: string[] = [];
  stage.memory.set(PLACE, found);
  const look = lookFor(found);
  stage.watchLog((line) => look("the log", line));
  stage.cloud.onCommit?.((_database, changes) => {
    for (const { name, after } of changes) if (after) look(name, JSON.stringify(after.fields));
  });
}

/** S7: nothing that was stored or logged so far has an address or a phone number. */
export async function checkNoAddresses({ memory }: Stage): Promise<void> {
  mustEqual("S7", "where addresses are", memory.get(PLACE), []);
}

/** S7: Nor has anything in Redis, at Discord, or in any queue. */
export async function checkNoAddressesAtRest(stage: Stage): Promise<void> {
  const found = stage.memory.get(PLACE) as string[];
  const look = lookFor(found);
  const { pubsub, tasks, upstash } = stage.cloud;
  for (const { topicId, data, attributes } of pubsub?.published() ?? []) {
    look(`a message in ${topicId}`, Buffer.from(data).toString());
    look(`the attributes of a message in ${topicId}`, JSON.stringify(attributes));
  }
  for (const { queueId, url, body } of tasks?.tasks() ?? []) {
    look(`a task in ${queueId}`, `${url} ${body.toString()}`);
  }
  const { builder, buyers } = marketOf(stage);
  const { discord } = stage;
  const { rival, staff, stranger, channels: stages } = othersOf(stage);
  for (const user of [builder, ...buyers, rival, staff, stranger])
    look("a DM", JSON.stringify(discord.dms(user)));
  const channels = Object.entries(community).filter(([name]) => name.endsWith("ChannelId"));
  for (const id of [...channels.map(([, id]) => id), ...stages]) {
    look(`the channel ${id}`, JSON.stringify(discord.messages(id)));
  }
  for (const event of discord.events()) {
    if (event.kind !== "interaction-sent") continue;
    look("an answer", JSON.stringify(discord.interaction(event.interactionId)));
  }
  const keys = (await upstash?.run("KEYS", "*")) as readonly string[] | undefined;
  for (const key of keys ?? []) {
    const read = READS[String(await upstash?.run("TYPE", key))];
    look(`the key ${key}`, JSON.stringify(await upstash?.run(...(read?.(key) ?? ["GET", key]))));
  }
  await checkNoAddresses(stage);
}

/** The Redis command that reads all of a key, by its type. */
const READS: Readonly<Record<string, (key: string) => [string, ...string[]]>> = {
  string: (key) => ["GET", key],
  hash: (key) => ["HGETALL", key],
  set: (key) => ["SMEMBERS", key],
  zset: (key) => ["ZRANGE", key, "0", "-1"],
  list: (key) => ["LRANGE", key, "0", "-1"],
  stream: (key) => ["XRANGE", key, "-", "+"],
};

/** Notes where a text has an address or a phone number. */
function lookFor(found: string[]): (where: string, text: string) => void {
  return (where, text) => {
    const lower = text.toLowerCase();
    const at = [ADDRESS_MARKER, PHONE_MARKER].map((marker) => lower.indexOf(marker.toLowerCase()));
    const first = at.find((index) => index >= 0);
    if (first === undefined) return;
    found.push(`${where}: ${text.slice(Math.max(0, first - CHARACTERS), first + CHARACTERS)}`);
  };
}
