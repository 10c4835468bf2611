import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers, toAnswer } from "../../../support/shop/shop.ts";
import { visitor } from "../../../web/visitor.ts";

const cloud = await useCloud({ rateLimits: false });
const track = racers(cloud, shoppers(cloud));
const site = visitor(cloud.url("web"), cloud);
await track.registerCommands();

const keyIn = (text: string) => /\/overlay\/pot\/([\w-]+)/.exec(text)?.[1] ?? "";
const feed = async (key: string) => (await site.visit(`/pot/${key}.json`)).json();

describe("a new link of the Live Pot", () => {
  test.each(["named", "of the channel"])(
    "shows the host's newest race, even if an older one was %s, and the old link shows nothing",
    async (how) => {
      const first = await track.racing(1, { name: "First" });
      await track.finish(first);
      const next = await track.lobby({ name: "Next" }, first.host);
      await track.command(first.host, next.channelId, "race cancel");
      const old = String((await track.stored(next))["pot_key"]);
      const options = { replace: true, ...(how === "named" && { lobby: first.id }) };
      const { text } = await track.command(first.host, first.channelId, "race overlay", options);
      const key = keyIn(text);
      expect(key).not.toBe(old);
      expect(await feed(key)).toMatchObject({ race: next.id });
      expect(await feed(old)).toMatchObject({ state: "gone" });
      const shown = await track.command(first.host, first.channelId, "race overlay");
      expect(keyIn(shown.text)).toBe(key);
    },
  );

  test("ends the old one even if the host opens their next race before the command is delivered", async () => {
    const first = await track.racing(1);
    await track.finish(first);
    const old = String((await track.stored(first))["pot_key"]);
    const late = { kind: "delay", ms: 20_000 } as const;
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver race-control/,
      fault: late,
      times: 1,
    });
    const { id } = await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: first.host,
      channelId: first.channelId,
      name: "race overlay",
      options: { replace: true },
    });
    await cloud.settle();
    const next = await track.lobby({ name: "Next" }, first.host);
    await cloud.clock.advance(20_000);
    await cloud.settle();
    const { text } = toAnswer(cloud.discord, id);
    expect(text).toContain("The previous link no longer works");
    expect(await feed(old)).toMatchObject({ state: "gone" });
    expect(await feed(keyIn(text))).toMatchObject({ race: next.id });
  });
});
