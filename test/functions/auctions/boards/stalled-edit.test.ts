import { describe, expect, test } from "@jest/globals";
import { holdNext } from "../../../support/calls/held-call.ts";
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
import { nextSweep, useTimeBeforeSweeps } from "../lifecycle/time-before-sweeps.ts";

useAuctionHouse({ fields: { duration: "6h" } });
useTimeBeforeSweeps();

/** Sends a command about an auction without waiting for its effects. */
const send = (words: string, channelId: string, auctionId: string) =>
  cloud.discord.client.command(cloud.url("discord-interactions"), {
    user: builder,
    channelId,
    name: `c500 auction ${words}`,
    options: { auction: auctionId },
  });

describe("an edit of a board that stalls until its lock has expired", () => {
  test("and crashes after it has shown an older state is corrected by the sweeper", async () => {
    const { channelId, id } = await auction();
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    const edit = holdNext(cloud, "discord", new RegExp(`^PATCH .*${channelId}`));
    await send("show", channelId, id);
    await edit.arrived;
    // The lock expires, and another run shows the end.
    await (await redisOf(cloud)()).del(`auction-board-lock:${id}:${channelId}`);
    await send("close", channelId, id);
    await cloud.clock.advance(2_000);
    expect(room.board(channelId).text).toContain("SOLD");
    // The stalled run continues, and never learns that it lost the lock.
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    cloud.faults.add({ target: "pubsub", operation: /auction-control/, fault: { kind: "drop" } });
    await edit.release();
    expect(room.board(channelId).text).toContain("Live");
    await room.pass(30);
    cloud.faults.clear();

    await nextSweep();
    await room.pass(10);
    expect(room.board(channelId).text).toContain("SOLD");

    // Once no stalled run can continue, the board is left alone.
    await nextSweep();
    await nextSweep();
    await room.pass(10);
    expect(await stored(id)).toMatchObject({ is_board_due: false });
  });
});
