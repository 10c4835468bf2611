import { beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { operator } from "../../../support/cli/ops.ts";
import { redisOf } from "../../../support/clients/redis.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

let builder: string;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
beforeEach(async () => {
  builder = (await people.builder({ isLive: true })).id;
});

/** An auction with a bid. */
async function auction() {
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder, channelId, { duration: "1h" });
  await room.bid(people.person(), channelId, "50");
  await room.pass(3);
  return { id, channelId };
}

const redis = () => redisOf(cloud)();

/** Ways in which the data in Redis may be corrupt. */
const corrupt: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
  "an infinite price": async (id) => {
    const client = await redis();
    const state = String(await client.hget(`auction:${id}`, "state")).split(" ");
    state[4] = "inf";
    state[6] = "inf";
    await client.hset(`auction:${id}`, { state: state.join(" ") });
    const bid = "9 bid 300 5 0 -";
    await client.xadd(`auction-bids:${id}`, "2-0", { bid, state: state.join(" ") });
  },
  "an unknown state": async (id) => (await redis()).hset(`auction:${id}`, { state: "broken" }),
  "an unknown status": async (id) => (await redis()).hset(`auction:${id}`, { status: "broken" }),
  "no terms": async (id) => (await redis()).hdel(`auction:${id}`, "terms"),
};
/** Ways in which the document may be malformed. */
const broken: Readonly<Record<string, object>> = {
  "a price of text": { start_price: "much" },
  "an infinite standing": { standing: { price: Number.POSITIVE_INFINITY } },
  "an unknown state": { state: "wobbly" },
};

describe("an auction for which Redis holds", () => {
  test.each(Object.keys(corrupt))("%s is listed, and cancelled by its builder", async (how) => {
    const { id, channelId } = await auction();
    await corrupt[how]?.(id);
    expect((await room.control(builder, channelId, "list")).embeds).toContain("Brass C500");
    const answer = await room.control(builder, channelId, "cancel", { auction: id });
    expect(answer.text).toContain("is cancelled");
    expect(await room.stored(id)).toMatchObject({ state: "cancelled" });
    await room.start(builder, channelId);
  });

  test("an infinite price is listed and cancelled by ./dev ops", async () => {
    const { id } = await auction();
    await corrupt["an infinite price"]?.(id);
    const team = operator(cloud);
    expect((await team.ops("auction", "list")).out).toContain("UNREADABLE");
    expect((await team.ops("auction", "cancel", id, "--reason", "Broken", "--yes")).out).toContain(
      "Cancelled.",
    );
    expect(await room.stored(id)).toMatchObject({ state: "cancelled" });
  });
});

describe("an auction whose document has", () => {
  test.each(Object.keys(broken))("%s is listed, and cancelled by its builder", async (how) => {
    const { id, channelId } = await auction();
    await cloud.firestore.doc(`auctions/${id}`).update({ ...broken[how] });
    expect((await room.control(builder, channelId, "list")).embeds).toContain(id);
    const other = (await people.builder({ isLive: true })).id;
    const refused = await room.control(other, channelId, "cancel", { auction: id });
    expect(refused.text).not.toContain("is cancelled");
    const answer = await room.control(builder, channelId, "cancel", { auction: id });
    expect(answer.text).toContain("It is cancelled");
    expect(cloud.discord.messages(channelId)[0]?.content).toContain("This auction is cancelled");
    expect(await room.stored(id)).toMatchObject({ state: "cancelled" });
    await room.start(builder, channelId);
  });

  test("a price of text is listed and cancelled by ./dev ops", async () => {
    const { id } = await auction();
    await cloud.firestore.doc(`auctions/${id}`).update({ start_price: "much" });
    const team = operator(cloud);
    expect((await team.ops("auction", "list")).out).toContain(`${id} can't be read`);
    const ended = await team.ops("auction", "cancel", id, "--reason", "Broken", "--yes");
    expect(ended.out).toContain("Cancelled.");
    expect(await room.stored(id)).toMatchObject({ state: "cancelled", cancel_reason: "Broken" });
  });
});
