import { community } from "../../../local/cloud/community.ts";
import { press, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { chooseFrom, howManyUnder } from "../shop/choosing.ts";
import { airOf, type TypedLive } from "./air.ts";

/** Builders' commands about their streams, and purchases meanwhile, with their weights. */
export const commandActions: readonly Action[] = [
  { name: "prove orders on stream", weight: 16, isEssential: true, perform: proveOrders },
  { name: "prove an order twice at once", weight: 5, perform: proveTwice },
  { name: "announce a stream", weight: 12, perform: announce },
  { name: "announce all at once", weight: 3, perform: announceTogether },
  { name: "Discord tells a command again", weight: 8, perform: sendAgain },
  { name: "type nonsense into live", weight: 3, perform: typeNonsense },
  { name: "attack: go live as another", weight: 2, perform: goLiveAsStranger },
  { name: "buy what is built on stream", weight: 8, perform: buy },
];

const MAX_NAMED = 4;
const HESITATION_MS = 9_000;

/** Builders from the beginning and those who have become builders. */
async function oneOfBuilders(stage: Stage, pick: Pick): Promise<string> {
  const stored = await stage.withoutFaults(() => stage.database.collection("builders").get());
  return pick(stored.docs.map(({ id }) => id));
}

/** Types `/c500 live`. Resolves when the application has answered or failed to. */
async function typeLive(
  stage: Stage,
  builder: string,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const { id } = await useCommand(stage, builder, "c500 live", options);
  airOf(stage).typed.push({ id, builder, options });
}

/** Mostly their own orders in any state, but also another builder's and unknown ones. */
async function proveOrders(stage: Stage, pick: Pick): Promise<void> {
  const builder = await oneOfBuilders(stage, pick);
  await typeLive(stage, builder, await named(stage, pick, builder));
}

async function named(stage: Stage, pick: Pick, builder: string) {
  const stored = await stage.withoutFaults(() => stage.database.collection("orders").get());
  const all = stored.docs.map((order) => ({
    id: order.id,
    isOwn: order.get("builder_id") === builder,
  }));
  const own = all.filter(({ isOwn }) => isOwn);
  const anyOf = [...own, ...own, ...own, ...all, { id: "no_such_order" }];
  const count = pick([1, 1, 2, 3, MAX_NAMED]);
  const ids = Array.from({ length: count }, () => pick(anyOf).id);
  return { context: count === 1 ? "order" : "orders", orders: ids.join(", ") };
}

/** With two overlapping commands. */
async function proveTwice(stage: Stage, pick: Pick): Promise<void> {
  const builder = await oneOfBuilders(stage, pick);
  const options = await named(stage, pick, builder);
  await Promise.all([typeLive(stage, builder, options), typeLive(stage, builder, options)]);
}

async function announce(stage: Stage, pick: Pick): Promise<void> {
  const context = pick(["chat", "drop"]);
  await typeLive(stage, await oneOfBuilders(stage, pick), { context });
}

/** Only one drop alert is posted, because they must be ten minutes apart. */
async function announceTogether(stage: Stage, pick: Pick): Promise<void> {
  const context = pick(["chat", "drop", "drop"]);
  const { builders } = airOf(stage);
  const twice = [...builders, ...builders];
  await Promise.all(twice.map((builder) => typeLive(stage, builder, { context })));
}

/** Sends the same interaction again with a new signature. */
async function sendAgain(stage: Stage, pick: Pick): Promise<void> {
  const typed = pick(airOf(stage).typed);
  try {
    await stage.discord.client.post(stage.endpoint, { body: bodyOf(stage, typed) });
  } catch {
    throw new Error("Nobody answered.");
  }
}

function bodyOf({ discord }: Stage, { id, builder, options }: TypedLive): string {
  const typed = Object.entries(options).map(([name, value]) => ({ name, type: 3, value }));
  return JSON.stringify({
    id,
    type: 2,
    version: 1,
    token: discord.interaction(id)?.token,
    application_id: community.applicationId,
    guild_id: community.guildId,
    channel_id: community.generalChannelId,
    member: { user: { id: builder, username: "someone" } },
    data: { id: "1", name: "c500", type: 1, options: [{ name: "live", type: 1, options: typed }] },
  });
}

async function typeNonsense(stage: Stage, pick: Pick): Promise<void> {
  const options = pick([
    { context: "party" },
    { context: "order" },
    { context: "order", orders: "a,b" },
    { context: "orders", orders: "../builders/1,@everyone" },
    { context: "orders", orders: Array.from({ length: 30 }, (_, index) => `o${index}`).join(",") },
  ]);
  await typeLive(stage, await oneOfBuilders(stage, pick), options as Record<string, string>);
}

/** By someone who is not a builder, with a builder's orders. */
async function goLiveAsStranger(stage: Stage, pick: Pick): Promise<void> {
  const { guests, buyers } = airOf(stage);
  const user = pick([...guests, ...buyers]);
  const options = pick([await named(stage, pick, user), { context: "chat" }, { context: "drop" }]);
  await typeLive(stage, user, options as Record<string, string>);
}

/** Presses Buy Now and pays with the Checkout link in the answer. */
export async function buy(stage: Stage, pick: Pick): Promise<void> {
  const { buyers, drops } = airOf(stage);
  await buyFrom(stage, pick(buyers), pick(drops));
}

/** Buys a unit of a drop. */
export async function buyFrom(stage: Stage, buyer: string, dropId: string): Promise<void> {
  const channelId = community.marketplaceChannelId;
  const post = stage.discord
    .messages(channelId)
    .find(({ components }) => JSON.stringify(components).includes(dropId));
  const place = { channelId, message: post?.id ?? "" };
  const { id: pressed } = await press(stage, buyer, `drop-buy:${dropId}`, place);
  await stage.cloud.clock.sleep(HESITATION_MS);
  const list = howManyUnder(stage, pressed);
  const id = list ? (await chooseFrom(stage, buyer, list, "1")).id : pressed;
  if (list) await stage.cloud.clock.sleep(HESITATION_MS);
  const page = JSON.stringify(stage.discord.interaction(id)?.original?.components ?? []);
  const session = /cs_[A-Za-z0-9_]+/.exec(page)?.[0];
  if (session) stage.stripe.pay(session);
}
