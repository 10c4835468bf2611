import { beforeEach, describe, expect, test } from "@jest/globals";
import { community } from "../../../support/cloud.ts";
import {
  auction,
  builder,
  cloud,
  endOf,
  people,
  room,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";

useAuctionHouse({ fields: { duration: "10m" }, isRegistered: true });

let streamer: { id: string; login: string };
beforeEach(async () => {
  streamer = await people.builder();
});

/** An auction that opens in a channel with the streamer's stream. */
const planned = async (channelId: string) => {
  const id = await room.start(streamer.id, channelId, { opens: "live", duration: "2d" });
  await room.pass(2);
  return id;
};

const goLive = async () => {
  cloud.twitch.goLive(streamer.login, { title: "At the bench" });
  await cloud.settle();
};

const received = (words: string) =>
  people.messagesTo(streamer.id).filter((text) => text.includes(words));

describe("a channel whose running auction Redis has lost", () => {
  test("is not taken by one that opens with a stream: the lost one is restored, and its hammer falls", async () => {
    const channelId = room.channel(community.guildId);
    const waiting = await planned(channelId);
    const id = await room.start(builder, channelId, { duration: "10m" });
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(5);
    await cloud.upstash?.loseData();
    await goLive();
    expect(await stored(waiting)).toMatchObject({ state: "cancelled", could_not_open: "busy" });
    expect(received("could not open: another auction is running in")).toHaveLength(1);
    await room.pass(3);
    expect(room.board(channelId).text).toContain("Cancelled");
    await room.pass(15 * 60);
    expect(await stored(id)).toMatchObject({ state: "sold", standing: { leader_id: ann } });
  });

  test("shows no other auction, and bids there go to its own", async () => {
    const { channelId, id } = await auction();
    const other = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    await cloud.upstash?.run("DEL", `auction-channel:${channelId}`, `auction:${id}`);
    const shown = await room.control(builder, channelId, "show", { auction: other.id });
    expect(shown.text).toContain("Another auction is running in this channel");
    expect((await room.bid(bob, channelId, "60")).text).toContain("pauses for a moment");
    await room.pass(5);
    await room.bid(bob, channelId, "60");
    await room.pass(2);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: bob } });
    expect((await stored(other.id))?.["standing"]).toBeUndefined();
  });
});

describe("a channel in which an auction was shown just as its hammer fell", () => {
  test("is free for one that opens with a stream", async () => {
    const { id } = await auction({ duration: "30s" });
    const channelId = room.channel(community.guildId);
    const waiting = await planned(channelId);
    await cloud.clock.advance((await endOf(id)) - 500 - cloud.clock.nowMs());
    const slow = { kind: "delay", ms: 3000 } as const;
    cloud.faults.add({ target: "upstash", operation: /^SET/, fault: slow, times: 1 });
    await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: builder,
      channelId,
      name: "c500 auction show",
      options: { auction: id },
    });
    await room.pass(10);
    expect(await stored(id)).toMatchObject({ state: "unsold" });
    expect(await cloud.upstash?.run("GET", `auction-channel:${channelId}`)).toBe(id);
    await goLive();
    expect(await stored(waiting)).toMatchObject({ state: "live" });
    expect(received("could not open")).toEqual([]);
  });
});
