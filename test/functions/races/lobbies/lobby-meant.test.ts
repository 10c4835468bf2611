import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { racers } from "../../../support/races/races.ts";
import { type Answer, shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();

const COPIES = { kind: "duplicate", copies: 3 } as const;
const twice = () =>
  cloud.faults.add({ target: "pubsub", operation: /^deliver race-control/, fault: COPIES });

describe("the lobby that a command applies to", () => {
  const say = (answer: Answer) => answer.text;

  test("is the host's only one, in whatever channel they type it", async () => {
    const lobby = await track.lobby();
    const elsewhere = track.channel();
    expect(say(await track.command(lobby.host, elsewhere, "race cancel"))).toContain("called off");
    expect(await track.stored(lobby)).toMatchObject({ state: "cancelled" });
  });

  test("is the host's own among several in a channel; otherwise the user is asked which one", async () => {
    const one = await track.lobby({ name: "One" });
    const two = await track.lobby({ name: "Two" }, undefined, one.channelId);
    const cancel = (user: string) => track.command(user, one.channelId, "race cancel");
    const asked = say(await cancel(people.person({ permissions: "32" })));
    expect(asked).toContain("Which lobby");
    expect(asked).toContain(one.id);
    expect(asked).toContain(two.id);
    expect(say(await cancel(two.host))).toContain("**Two**");
    expect(await track.stored(one)).toMatchObject({ state: "open" });
  });

  test("is the same for a redelivered command, whatever has changed since", async () => {
    const one = await track.lobby({ name: "One" });
    const cancelled = await track.command(one.host, one.channelId, "race cancel");
    const two = await track.lobby({ name: "Two" }, one.host, one.channelId);
    expect(say(await track.repeat(cancelled, "race cancel"))).toBe(cancelled.text);
    expect(await track.stored(two)).toMatchObject({ state: "open" });
  });

  test("is never someone else's, except for staff", async () => {
    const lobby = await track.lobby();
    const cancel = (user: string) => track.command(user, lobby.channelId, "race cancel");
    expect(say(await cancel(people.person()))).toContain("Only the host of a lobby or the team");
    expect(say(await cancel(people.person({ permissions: "32" })))).toContain("is called off");
    const nowhere = await track.command(people.person(), track.channel(), "race cancel");
    expect(say(nowhere)).toContain("There is no matching lobby here");
  });

  test("is offered by autocomplete among the host's own", async () => {
    const lobby = await track.lobby({ name: "Autumn cup" });
    const use = { user: lobby.host, channelId: lobby.channelId, name: "start", focused: "lobby" };
    const endpoint = cloud.url("discord-interactions");
    const { response } = await cloud.discord.client.autocomplete(endpoint, use);
    expect(response).toMatchObject({
      data: { choices: [{ name: "Autumn cup · open", value: lobby.id }] },
    });
  });
});

describe("/race overlay", () => {
  const link = (answer: Answer) => /\/overlay\/pot\/([\w-]{22})/.exec(answer.text)?.[1];

  test("gives the host an unguessable link, and a new one on request", async () => {
    const lobby = await track.lobby();
    const overlay = (options = {}) =>
      track.command(lobby.host, lobby.channelId, "race overlay", options);
    const first = link(await overlay());
    expect(first).toBe((await track.stored(lobby))["pot_key"]);
    twice();
    const replaced = await overlay({ replace: true });
    expect(link(replaced)).not.toBe(first);
    expect(link(replaced)).toBe((await track.stored(lobby))["pot_key"]);
    cloud.faults.clear();
    await track.repeat(replaced, "race overlay", { replace: true });
    expect(link(replaced)).toBe((await track.stored(lobby))["pot_key"]);
  });

  test("is available only to the host", async () => {
    const lobby = await track.lobby();
    const ask = (user: string) => track.command(user, lobby.channelId, "race overlay");
    expect((await ask(people.person())).text).toContain("Only the host");
    expect((await ask(people.person({ permissions: "32" }))).text).toContain("Only the host");
  });
});
