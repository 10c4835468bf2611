import { describe, expect, test } from "@jest/globals";
import type { AuctionFields } from "../../../support/auctions/auctions.ts";
import { holdNext } from "../../../support/calls/held-call.ts";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { redisOf } from "../../../support/clients/redis.ts";
import {
  auction,
  builder,
  cloud,
  people,
  room,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";

useAuctionHouse({ fields: { duration: "6h" }, isRegistered: true });

/** Longer than any command may wait to be begun. */
const LONG_MS = 20 * 60_000;

/** Sends a command without waiting for its effects. */
const send = (user: string, channelId: string, words: string, options: Record<string, string>) =>
  cloud.discord.client.command(cloud.url("discord-interactions"), {
    user,
    channelId,
    name: `c500 auction ${words}`,
    options,
  });

describe("a stream of bids that is lost between the hammer and the booking of its result", () => {
  test("leaves no auction that is sold and accepts bids", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const recording = holdNext(cloud, "upstash", /XREVRANGE/);
    await send(builder, channelId, "close", { auction: id });
    await recording.arrived;
    const redis = await redisOf(cloud)();
    expect(await redis.hget(`auction:${id}`, "status")).toBe("closed");
    await redis.del(`auction-bids:${id}`);
    // Showing the board would close it again.
    const boards = { target: "tasks", operation: /^dispatch auction-board/ } as const;
    cloud.faults.add({ ...boards, fault: { kind: "drop" } });
    await recording.release();
    await room.pass(20);
    expect(await stored(id)).toMatchObject({ state: "sold" });
    expect((await room.bid(bob, channelId, "60")).text).toContain("Too late");
    cloud.faults.clear();
    await people.pass(2);
    expect(people.messagesTo(bob)).toEqual([]);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: ann } });
  });
});

describe("a command that ended an auction in Redis and was interrupted there", () => {
  const cases = [
    ["sell", { reserve: "100" }, "sold", "is sold"],
    ["close", {}, "sold", "is sold"],
    ["cancel", {}, "cancelled", "is cancelled"],
  ] as const;

  /** Sends a command that ends an auction in Redis and never receives Redis's answer. */
  async function interrupted(words: string, fields: AuctionFields) {
    // Redis has the script from now on, so that one call runs it.
    const earlier = await auction(fields);
    await room.control(builder, earlier.channelId, words, { auction: earlier.id });
    const { channelId, id } = await auction(fields);
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    const lost = { kind: "lose-answer" } as const;
    cloud.faults.add({ target: "upstash", operation: /^EVALSHA/, fault: lost });
    const command = await send(builder, channelId, words, { auction: id });
    await cloud.pass(LONG_MS);
    expect(await stored(id)).toMatchObject({ state: "live" });
    cloud.faults.clear();
    return { id, command };
  }

  test.each(cases)("is finished when it is redelivered late: %s", async (...each) => {
    const [words, fields, state, text] = each;
    const { id, command } = await interrupted(words, fields);
    const options = { auction: id };
    const what = { command: `c500 auction ${words}`, handler: "auction-control", options } as const;
    await redeliver(cloud, { interactionId: command.id }, what);
    expect(await stored(id)).toMatchObject({ state });
    expect(people.messagesTo(builder).join()).toContain(text);
    expect(people.messagesTo(builder).join()).not.toContain("didn't act on it");
  });

  test.each(cases)("is finished by the sweeper: %s", async (...each) => {
    const [words, fields, state] = each;
    const deliveries = { target: "pubsub", operation: /auction-control/ } as const;
    const { id } = await interrupted(words, fields);
    cloud.faults.add({ ...deliveries, fault: { kind: "drop" } });
    await people.pass(15);
    expect(await stored(id)).toMatchObject({ state });
    cloud.faults.clear();
  });

  test("is no reason to begin another command late: a sale below the reserve", async () => {
    const { id, command } = await interrupted("close", { reserve: "100" });
    const options = { auction: id };
    const what = { command: "c500 auction sell", handler: "auction-control", options } as const;
    await redeliver(cloud, { interactionId: command.id }, what);
    await people.pass(15);
    expect(await stored(id)).toMatchObject({ state: "unsold" });
  });
});
