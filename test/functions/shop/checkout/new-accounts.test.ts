import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, startTestCloud, type TestCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const RESERVED = "is reserved for you";

describe("a new account", () => {
  const DAY_MS = 24 * 3_600_000;
  const DISCORD_EPOCH_MS = 1_420_070_400_000;
  const TIME_BITS = 22n;

  /** A user who signed up this many days ago. */
  function newcomer(world: TestCloud, days: number): string {
    const madeMs = world.clock.now().getTime() - days * DAY_MS;
    const id = String(BigInt(Math.floor(madeMs) - DISCORD_EPOCH_MS) << TIME_BITS);
    world.discord.addUser({ id, username: `newcomer_${days}` });
    return id;
  }

  test("can neither reserve nor bid until it is as old as the setting requires", async () => {
    const world = await startTestCloud({
      rateLimits: false,
      environment: { MIN_ACCOUNT_AGE_DAYS: "30" },
    });
    try {
      const there = shoppers(world);
      const auctions = bidders(world, there);
      await auctions.registerCommands();
      const builder = await there.builder();
      const dropId = await there.drop(builder.id);
      const young = newcomer(world, 29);
      const refused = await there.buyNow(young, dropId);
      expect(refused.text).toContain("has to be 30 days old. Yours will be <t:");
      const stage = auctions.channel(community.guildId);
      const auction = await auctions.start(builder.id, stage, { duration: "3d" });
      expect((await auctions.bid(young, stage, "60")).text).toBe(refused.text);
      const { id } = await world.discord.client.raw(world.url("discord-interactions"), {
        user: young,
        channelId: stage,
        type: 3,
        data: { custom_id: `bid:${auction}:6000`, component_type: 2 },
      });
      expect(there.readAnswer(id).text).toBe(refused.text);
      expect((await there.buyNow(newcomer(world, 31), dropId)).text).toContain(RESERVED);
      await world.clock.advance(DAY_MS);
      await world.settle();
      expect((await auctions.bid(young, stage, "60")).text).toContain("You lead at");
      expect((await there.buyNow(young, dropId)).text).toContain(RESERVED);
    } finally {
      await world.stop();
    }
  });
});
