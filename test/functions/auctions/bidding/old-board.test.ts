import { expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const HOUR_MS = 3_600_000;

const cloud = await useCloud();
const people = shoppers(cloud);
const room = bidders(cloud, people);

test("a board older than an hour is posted again when Discord limits its edits, and stays up to date", async () => {
  const { id: builder } = await people.builder({ isLive: true });
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder, channelId, { duration: "3h", increment: "1" });
  await cloud.pass(HOUR_MS + 60_000);
  const [first] = cloud.discord.messages(channelId);
  const crowd = Array.from({ length: 20 }, () => people.person());
  const behind: number[] = [];
  for (const [index, bidder] of crowd.entries()) {
    await room.bid(bidder, channelId, `${50 + index}.00`);
    await room.pass(1);
    const boards = cloud.discord.messages(channelId).filter(({ embeds }) => embeds.length > 0);
    const text = JSON.stringify(boards.at(-1)?.embeds);
    const shown = Number(/\*\*\$(\d+)\.00\*\*/.exec(text)?.[1]);
    if (index >= 2) behind.push(50 + index - shown);
  }
  // One bid a second: two bids behind means two seconds.
  expect(Math.max(...behind)).toBeLessThanOrEqual(2);
  const line = cloud.discord.messages(channelId).find((message) => message.id === first?.id);
  expect(line?.content).toContain("further down");
  expect(line?.embeds).toEqual([]);
  const [pinned, ...others] = cloud.discord.pins(channelId);
  expect(pinned?.id).not.toBe(first?.id);
  expect(others).toEqual([]);
  const stored = await room.stored(id);
  expect(stored?.["boards"]).toEqual([
    {
      channel_id: channelId,
      message_id: pinned?.id,
      pin: { message_id: pinned?.id, state: "pinned" },
    },
  ]);
});
