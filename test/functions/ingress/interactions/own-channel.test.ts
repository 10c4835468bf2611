import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const SEND_MESSAGES = String(1n << 11n);
const SEND_MESSAGES_IN_THREADS = String(1n << 38n);
const PUBLIC_THREAD = 11;
const TERMS = { title: "Brass C500", price: "50", duration: "5m" };

let channels = 0;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
const builder = (await people.builder({ isLive: true })).id;

/** A channel that denies something to members, except to those listed. */
function channel(deny: string, { type = 0, but = [] as readonly string[] } = {}): string {
  channels += 1;
  const id = `7000000000000${String(10_000 + channels)}`;
  const exceptions = but.map((user) => ({ id: user, type: 1, allow: deny }));
  const overwrites = [{ id: community.guildId, type: 0, deny }, ...exceptions];
  const { guildId } = community;
  cloud.discord.addChannel({ id, guildId, name: `closed-${channels}`, type, overwrites });
  return id;
}

const lobby = async (user: string, channelId: string): Promise<string> => {
  const endpoint = cloud.url("discord-interactions");
  const { id } = await cloud.discord.client.command(endpoint, {
    user,
    channelId,
    name: "race lobby",
    options: {},
  });
  await cloud.settle();
  return cloud.discord.interaction(id)?.original?.content ?? "";
};

describe("a channel in which someone may not post", () => {
  test.each([
    ["send", SEND_MESSAGES, 0],
    ["send in the thread", SEND_MESSAGES_IN_THREADS, PUBLIC_THREAD],
  ])("without permission to %s cannot host their auction or lobby", async (_, deny, type) => {
    const closed = channel(deny, { type });
    const started = await room.control(builder, closed, "start", TERMS);
    expect(started.text).toContain(`You can't post in <#${closed}> yourself`);
    const staff = people.person({ permissions: "32" });
    expect(await lobby(staff, closed)).toContain("You can't post in");
    const open = room.channel(community.guildId);
    const id = await room.start(builder, open);
    const shown = await room.control(builder, closed, "show", { auction: id });
    expect(shown.text).toContain("You can't post in");
    await room.control(builder, open, "cancel", { auction: id });
    const again = await room.control(builder, closed, "rerun", { auction: id });
    expect(again.text).toContain("You can't post in");
    expect(cloud.discord.messages(closed)).toEqual([]);
  });

  test("is open to members who may post in it, and to administrators", async () => {
    const closed = channel(SEND_MESSAGES, { but: [builder] });
    expect((await room.control(builder, closed, "start", TERMS)).text).toContain("is up in");
    const admin = people.person({ permissions: "8" });
    expect(await lobby(admin, channel(SEND_MESSAGES))).toContain("is open in");
  });

  test("may be the parent of a thread in which they may post", async () => {
    const thread = channel(SEND_MESSAGES, { type: PUBLIC_THREAD });
    expect((await room.control(builder, thread, "start", TERMS)).text).toContain("is up in");
  });
});
