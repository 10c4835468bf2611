import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);

async function auction(fields: Parameters<typeof room.start>[2] = {}) {
  const { id: builder } = await people.builder({ isLive: true });
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder, channelId, fields);
  await room.pass(2);
  return { builder, channelId, id };
}
const stored = (id: string) => room.stored(id);

describe("an auction from its start to the paid order", () => {
  test("shows a board, takes bids at once, sells to the highest and is paid", async () => {
    const { builder, channelId, id } = await auction();
    expect(room.board(channelId).text).toContain("Starts at");
    const [ann, bob] = [people.person(), people.person()];
    expect((await room.bid(ann, channelId, "50")).text).toContain("You lead at **$50.00**");
    expect((await room.bid(bob, channelId, "51")).text).toContain("too low");
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
    await room.pass(3);
    expect(room.board(channelId).text).toContain("$60.00");
    expect(await stored(id)).toMatchObject({ state: "live", standing: { price: 6000, bids: 2 } });

    await room.pass(300);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: bob, round: 0 } });
    expect(room.board(channelId).text).toContain("SOLD");
    const [won] = cloud.discord.dms(bob);
    expect(won?.content).toContain("is yours for **$60.00**");
    const order = await people.order(`auction-${id}-0`);
    expect(order).toMatchObject({ buyer_id: bob, amount: 6000, fulfillment_status: "reserved" });
    cloud.stripe.pay(String(order["checkout_session_id"]));
    await cloud.settle();
    expect(await people.order(`auction-${id}-0`)).toMatchObject({ fulfillment_status: "paid" });
    expect(await stored(id)).toMatchObject({ claim: { state: "paid" }, is_settling: false });
    expect(people.messagesTo(builder).join()).toContain("You sold");
  });
});
