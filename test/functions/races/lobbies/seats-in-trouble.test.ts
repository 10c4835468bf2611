import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();

const seats = (user: string) => people.messagesTo(user).filter((text) => text.includes("is yours"));

describe("a run that crashes between giving a seat and sending the notification", () => {
  test("still notifies the person who got the seat, even if the one who left presses again first", async () => {
    const lobby = await track.lobby({ seats: 1 });
    const [ann, bob] = [people.person(), people.person()];
    await track.join(lobby, ann);
    await track.join(lobby, bob);
    const publish = { target: "pubsub", operation: /^Publish$/ } as const;
    // The press itself is published.
    cloud.faults.add({ ...publish, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...publish, fault: { kind: "fail", code: 7 } });
    await track.leave(lobby, ann);
    expect(await track.stored(lobby)).toMatchObject({ waiting_ids: [] });
    expect(seats(bob)).toEqual([]);
    cloud.faults.clear();
    await track.leave(lobby, ann);
    await track.pass(120);
    expect(seats(bob)).toHaveLength(1);
  });
});

describe("a winner who was named", () => {
  test("stays named when the command is redelivered much later, without an answer that it was too late", async () => {
    const lobby = await track.racing(1);
    await track.finish(lobby);
    const [racer = ""] = lobby.racers;
    const options = { racer };
    const named = await track.command(lobby.host, lobby.channelId, "race winner", options);
    expect(named.text).toContain(racer);
    await track.pass(20 * 60);
    await track.repeat(named, "race winner", options);
    expect(people.messagesTo(lobby.host).join()).not.toContain("didn't act on it");
    expect(await track.stored(lobby)).toMatchObject({ winner_id: racer });
  });
});
