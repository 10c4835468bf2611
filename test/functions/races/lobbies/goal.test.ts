import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type OpenLobby, racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { visitor, wordsOf } from "../../../web/visitor.ts";

const cloud = await useCloud({ rateLimits: false });
const track = racers(cloud, shoppers(cloud));
const site = visitor(cloud.url("web"), cloud);
await track.registerCommands();

const goal = ({ host, channelId, id }: OpenLobby, amount: string, by = host) =>
  track.command(by, channelId, "race goal", { amount, lobby: id });
const shown = async (lobby: OpenLobby) => {
  await cloud.pass(2000);
  return track.shown(lobby);
};
const celebrations = (lobby: OpenLobby) =>
  track.announced(lobby).filter(({ content }) => content.includes("has reached its goal"));
const feedOf = async (lobby: OpenLobby) => {
  const { pot_key: key } = await track.stored(lobby);
  return (await site.visit(`/pot/${key}.json`)).json();
};

describe("a race's goal", () => {
  test("is shown with the progress on the board, the page and the overlay", async () => {
    const lobby = await track.racing(2);
    const { text } = await goal(lobby, "$1,000");
    expect(text).toContain("is $1,000.00");
    await track.sell(lobby, 207_000);
    expect(await shown(lobby)).toContain("▰▰▰▰▱▱▱▱▱▱▱▱ **41%**: $414.00 of $1,000.00");
    const page = await site.read(`/race/${lobby.id}`);
    expect(wordsOf(page)).toContain("Goal: $1,000.00 41%");
    expect(page).toContain('<progress max="100" value="41"');
    expect((await feedOf(lobby)).goal).toEqual({
      key: "usd100000",
      text: "$1,000.00",
      percent: 41,
      isReached: false,
    });
    await track.finish(lobby);
  });

  test("is celebrated once when a sale reaches it, whatever is refunded and sold afterwards", async () => {
    const lobby = await track.racing(2);
    await goal(lobby, "10");
    await track.sell(lobby, 4_999);
    expect(await shown(lobby)).toContain("99%");
    expect(celebrations(lobby)).toHaveLength(0);
    await track.sell(lobby, 5_000);
    expect(await shown(lobby)).toContain("🎉 Goal reached");
    expect(celebrations(lobby)).toHaveLength(1);
    expect(celebrations(lobby)[0]?.content).toContain("**$10.00**");
    await track.refund(5_000);
    expect(await shown(lobby)).toContain("99%");
    await track.sell(lobby, 10_000);
    expect(await shown(lobby)).toContain("299%");
    expect((await feedOf(lobby)).goal).toMatchObject({ percent: 299, isReached: true });
    await track.finish(lobby);
    expect(celebrations(lobby)).toHaveLength(1);
  });

  test("can be changed and removed while the race is on, also by staff", async () => {
    const lobby = await track.racing(1, { goal: "5" } as object);
    expect((await feedOf(lobby)).goal).toMatchObject({ text: "$5.00" });
    await track.sell(lobby, 5_000);
    const low = await goal(lobby, "10.00");
    expect(low.text).toContain("already holds $10.00");
    expect((await goal(lobby, "50")).text).toContain("$50.00");
    expect(await shown(lobby)).toContain("20%");
    expect((await goal(lobby, "0")).text).toContain("has no goal any more");
    expect(await shown(lobby)).not.toContain("Goal");
    expect((await feedOf(lobby)).goal).toBeNull();
    await track.finish(lobby);
    expect((await goal(lobby, "50")).text).toContain("is over");
  });

  test("counts one currency, and is refused if it is not an amount", async () => {
    const lobby = await track.racing(1);
    for (const amount of ["a lot", "-5", "1.234", "¥500"]) {
      expect((await goal(lobby, amount)).text).toContain("I can't read that goal");
    }
    await goal(lobby, "10");
    await track.sell(lobby, 500_000, { currency: "jpy" });
    expect(await shown(lobby)).toContain("**0%**: $0.00 of $10.00");
    await track.finish(lobby);
    const host = await track.host();
    const opened = await track.command(host, track.channel(), "race lobby", { goal: "much" });
    expect(opened.text).toContain("I can't read that goal");
  });

  test("is the newest that was set; a redelivered older command says so", async () => {
    const lobby = await track.racing(1);
    const first = await goal(lobby, "10");
    await goal(lobby, "20");
    const options = { amount: "10", lobby: lobby.id };
    expect((await track.repeat(first, "race goal", options)).text).toContain("another goal");
    expect((await feedOf(lobby)).goal).toMatchObject({ text: "$20.00" });
    await track.finish(lobby);
  });
});
