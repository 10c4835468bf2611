import { expect, test } from "@jest/globals";
import { auction, cloud, people, room, stored, useAuctionHouse } from "../auction-house.ts";
import { nextSweep, useTimeBeforeSweeps } from "./time-before-sweeps.ts";

useAuctionHouse({ fields: { duration: "2m" }, isRegistered: true });
useTimeBeforeSweeps();

test("the hammer falls once even if an instance crashes after any commit", async () => {
  for (const commits of [0, 1, 2, 3, 4]) {
    const { channelId, id } = await auction();
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(110);
    const commit = { target: "firestore", operation: /^Commit/ } as const;
    cloud.faults.add({ ...commit, fault: { kind: "delay", ms: 0 }, times: commits });
    cloud.faults.add({ ...commit, fault: { kind: "lose-answer" }, times: 1 });
    cloud.faults.add({ ...commit, fault: { kind: "fail", code: 7 }, times: 1 });
    await room.pass(60);
    cloud.faults.clear();
    await nextSweep();
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: ann } });
    expect(people.messagesTo(ann)).toHaveLength(1);
  }
});
