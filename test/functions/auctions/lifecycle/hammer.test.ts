import { describe, expect, test } from "@jest/globals";
import { auction, cloud, people, room, stored, useAuctionHouse } from "../auction-house.ts";
import { nextSweep, useTimeBeforeSweeps } from "./time-before-sweeps.ts";

useAuctionHouse({ fields: { duration: "2m" }, isRegistered: true });
useTimeBeforeSweeps();

describe("the hammer", () => {
  test("whose task is lost is dropped by the sweeper, and late bids do not count", async () => {
    cloud.faults.add({
      target: "tasks",
      operation: /^dispatch hammer-drop/,
      fault: { kind: "drop" },
    });
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await people.pass(3);
    expect((await room.bid(bob, channelId, "60")).text).toContain("Too late");
    expect(await stored(id)).toMatchObject({ state: "live" });
    await nextSweep();
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: ann } });
  });

  test("delivered twice, or twice at once, falls once", async () => {
    const twice = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch/, fault: twice });
    const { channelId, id } = await auction();
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(130);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: ann, round: 0 } });
    expect(people.messagesTo(ann)).toHaveLength(1);
    const orders = await cloud.firestore.collection("orders").where("auction_id", "==", id).get();
    expect(orders.size).toBe(1);
  });
});

describe("the hammer after a long fight", () => {
  test("falls within seconds of the moved end", async () => {
    const { channelId, id } = await auction({ duration: "30s" });
    const fighters = [people.person(), people.person()];
    await room.pass(24);
    for (let round = 0; round < 12; round += 1) {
      await room.bid(fighters[round % 2] ?? "", channelId, String(50 + round * 5));
      await room.pass(5);
    }
    const after = (await stored(id)) ?? {};
    const endsAtMs = (after["ends_at"] as { toMillis(): number }).toMillis();
    await room.pass((endsAtMs - cloud.clock.nowMs()) / 1000 + 4);
    expect(await stored(id)).toMatchObject({ state: "sold" });
  });
});
