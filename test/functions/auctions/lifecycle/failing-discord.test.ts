import { describe, expect, test } from "@jest/globals";
import { holdNext } from "../../../support/calls/held-call.ts";
import { auction, cloud, people, room, stored, useAuctionHouse } from "../auction-house.ts";
import { useTimeBeforeSweeps } from "./time-before-sweeps.ts";

useAuctionHouse({ fields: { duration: "2m" }, isRegistered: true });
useTimeBeforeSweeps();

describe("a bidder who wants to be notified", () => {
  test("is notified of being outbid, even if the board could not be edited at first", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.press(ann, channelId, room.board(channelId).id, `bid-notify:${id}`);
    await room.bid(ann, channelId, "50");
    await room.pass(2);
    const refuse = { kind: "fail", code: 502 } as const;
    cloud.faults.add({ target: "discord", operation: /^PATCH/, fault: refuse, times: 6 });
    await room.bid(bob, channelId, "60");
    await room.pass(20);
    expect(people.messagesTo(ann)).toEqual([expect.stringContaining("You were outbid")]);
  });

  test("is notified even if the bid is recorded while an older run looks for notices", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.press(ann, channelId, room.board(channelId).id, `bid-notify:${id}`);
    const older = holdNext(cloud, "firestore", /^RunQuery/);
    await room.bid(ann, channelId, "50");
    await cloud.clock.advance(1500);
    await older.arrived;
    const newer = holdNext(cloud, "firestore", /^RunQuery/);
    await room.bid(bob, channelId, "60");
    await cloud.clock.advance(1500);
    await newer.arrived;
    await older.release();
    await newer.release();
    await room.pass(5);
    expect(people.messagesTo(ann)).toEqual([expect.stringContaining("it stands at $60.00")]);
  });
});

describe("a failing Discord when the hammer falls", () => {
  // The library waits for a 429 in real time.
  test.each([
    ["a 429", { kind: "fail", code: 429 } as const, 4],
    ["a 502", { kind: "fail", code: 502 } as const, 40],
  ])("shows the final state in the end, however often %s occurs", async (_what, fault, times) => {
    const { channelId, id } = await auction();
    await room.bid(people.person(), channelId, "50");
    await room.pass(110);
    cloud.faults.add({ target: "discord", operation: /messages/, fault, times });
    await room.pass(15);
    cloud.faults.clear();
    await people.pass(2);
    expect(await stored(id)).toMatchObject({ state: "sold" });
    expect(room.board(channelId).text).toContain("SOLD");
  });
});
