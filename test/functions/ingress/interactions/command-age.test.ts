import { describe, expect, test } from "@jest/globals";
import { commands } from "../../../../functions/ingress/commands.ts";
import { MAX_COMMAND_AGE_MS } from "../../../../shared/discord/definitions/define-command.ts";
import { useCloud } from "../../../support/cloud.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const MINUTE_MS = 60_000;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();

/** Delays the next delivery to a function by this much. */
const delay = (name: string, ms: number) =>
  cloud.faults.add({
    target: "pubsub",
    operation: new RegExp(`^deliver ${name}`),
    fault: { kind: "delay", ms },
    times: 1,
  });

const lobbyOf = (id: string) => cloud.firestore.doc(`lobbies/${id}`).get();

describe("a command that arrives late", () => {
  test("opens no window and notifies its user, who can run it again", async () => {
    const lobby = await track.lobby();
    await track.join(lobby, people.person());
    delay("race-control", 20 * MINUTE_MS);
    const { interactionId } = await track.start(lobby);
    await cloud.clock.advance(20 * MINUTE_MS);
    await cloud.settle();
    expect((await lobbyOf(lobby.id)).get("state")).toBe("open");
    const reads = people
      .messagesTo(lobby.host)
      .filter((text) => text.includes("too long to reach me"));
    expect(reads).toHaveLength(1);
    expect(reads[0]).toContain("`/start`");
    expect(people.readAnswer(interactionId).text).toBe("");
    expect((await track.start(lobby)).text).toContain("is on, with 1 racer");
  });

  test("is accepted up to its maximum age", async () => {
    const lobby = await track.lobby();
    await track.join(lobby, people.person());
    delay("race-control", MAX_COMMAND_AGE_MS - MINUTE_MS);
    await track.start(lobby);
    await cloud.clock.advance(MAX_COMMAND_AGE_MS - MINUTE_MS);
    await cloud.settle();
    expect((await lobbyOf(lobby.id)).get("state")).toBe("racing");
  });

  test("is finished however late it is, if an earlier delivery has started it", async () => {
    const { id: builder } = await people.builder();
    const refusePosts = { target: "discord", operation: /^POST \/channels/ } as const;
    cloud.faults.add({ ...refusePosts, fault: { kind: "fail", code: 503 } });
    const { interactionId } = await people.sendDropForm(builder, { title: "Posted at last" });
    // From here on, deliveries would be too late to start anything.
    await people.pass(MAX_COMMAND_AGE_MS / MINUTE_MS + 2);
    cloud.faults.clear();
    await people.pass(6);
    expect(people.post(interactionId)).toMatchObject({ channel_id: expect.anything() });
    expect(people.readAnswer(interactionId).text).toContain("is up in");
  });
});

test("commands for staff refuse everyone else, even members who can see them", async () => {
  const stranger = people.person();
  const owner = people.person();
  const options = { user: owner, amount: "$50.00" };
  const { text } = await track.command(
    stranger,
    (await track.lobby()).channelId,
    "payout",
    options,
  );
  expect(text).toContain("That's for the team");
});

test("every command declares an audience, and those that move money are valid for a minute", () => {
  const money = commands.filter(({ maxAgeMs }) => maxAgeMs === 60_000).map(({ words }) => words);
  const words = ["c500 refund", "c500 cancel", "c500 case", "c500 auction void", "payout"];
  expect(money).toEqual(words);
});
