import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../support/cloud.ts";
import { racers } from "../support/races.ts";
import { shoppers } from "../support/shop.ts";

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
let track: ReturnType<typeof racers>;

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  people = shoppers(cloud);
  track = racers(cloud, people);
  await track.registerCommands();
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.faults.clear());

describe("/race lobby", () => {
  test("posts a lobby that people join and leave, and that shows it", async () => {
    const lobby = await track.lobby({ name: "Night *race*", seats: 3 });
    expect(track.buttons(lobby)).toEqual(["Join", "Leave", "Start", "Watch"]);
    expect(track.shown(lobby)).toContain("Racers: 0 of 3");
    const ann = people.person();
    expect((await track.join(lobby, ann)).text).toContain("You race in");
    await track.pass(2);
    expect(track.shown(lobby)).toContain("Racers: 1 of 3");
    expect(track.shown(lobby)).toContain(`<@${ann}>`);
    expect((await track.leave(lobby, ann)).text).toContain("You have left");
    await track.pass(2);
    expect(track.shown(lobby)).toContain("Racers: 0 of 3");
    expect(track.board(lobby).embeds[0]).toMatchObject({
      title: "Night \\*race\\*",
      color: 0xf2b705,
    });
  });
});
