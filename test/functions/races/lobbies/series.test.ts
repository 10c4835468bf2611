import { describe, expect, test } from "@jest/globals";
import { standingsOf } from "../../../../functions/races/domain/series.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type OpenLobby, racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();

const standings = async (host: string, series = "Winter cup") =>
  track.command(host, track.channel(), "race report", { series });
const winner = (lobby: OpenLobby, racer: string, user: string = lobby.host) =>
  track.command(user, lobby.channelId, "race winner", { racer, lobby: lobby.id });

/** Runs a race of a host's series with these people and this much in sales. */
async function race(host: string, who: readonly string[], base: number, series = "Winter cup") {
  const channelId = track.channel();
  const options = { name: "Heat", series };
  const { interactionId: id } = await track.command(host, channelId, "race lobby", options);
  const lobby = { id, host, channelId };
  for (const racer of who) await track.join(lobby, racer);
  await track.start(lobby);
  await cloud.clock.advance(1);
  await track.sell(lobby, base);
  await track.finish(lobby);
  return lobby;
}

/** A host's series of two races with two racers; one of them raced in both. */
async function cup() {
  const host = await track.host();
  const [ada, ben] = [people.person(), people.person()];
  const first = await race(host, [ben], 10_000);
  const second = await race(host, [ada, ben], 10_000, "winter CUP ");
  return { host, ada, ben, first, second };
}

describe("a series", () => {
  test("has standings over its races, by races won, then by earnings", async () => {
    const { host, ada, ben, second } = await cup();
    const before = (await standings(host)).embeds;
    expect(before).toContain("after 2 races");
    expect(before).toContain(`**1.** <@${ben}> · 0 won of 2 races · $30.00`);
    expect(before).toContain(`**2.** <@${ada}> · 0 won of 1 race · $10.00`);
    expect((await winner(second, ada)).text).toContain(`<@${ada}> won **Heat**`);
    const after = (await standings(host, "WINTER cup")).embeds;
    expect(after).toContain(`**1.** <@${ada}> · 1 won of 1 race · $10.00`);
    expect(after).toContain(`**2.** <@${ben}> · 0 won of 2 races · $30.00`);
  });

  test("is found by the name that its host typed, whatever blanks and invisible characters are in it", async () => {
    const host = await track.host();
    const typed = "Summer  \u200bCup";
    await race(host, [people.person()], 5000, typed);
    for (const name of [typed, "summer cup"]) {
      expect((await standings(host, name)).embeds).toContain("Summer Cup: standings after 1 race");
    }
  });

  test("counts a refund that arrives after its race", async () => {
    const { host, ada, ben } = await cup();
    await track.refund(10_000);
    const { embeds } = await standings(host);
    expect(embeds).toContain(`<@${ben}> · 0 won of 2 races · $20.00`);
    expect(embeds).toContain(`<@${ada}> · 0 won of 1 race · nothing earned`);
  });

  test("is named in its races' messages, and continues when its host opens another race", async () => {
    const { host, ada, second } = await cup();
    expect(track.shown(second)).toContain("winter CUP");
    await winner(second, ada);
    await cloud.eventually(() => track.shown(second).includes('"Winner"'));
    const { interactionId: id } = await track.command(host, second.channelId, "race again");
    expect(track.shown({ id, channelId: second.channelId })).toContain("winter CUP");
    expect(await track.stored({ id })).toMatchObject({ series_key: "winter cup" });
  });

  test("is separate for each host, even under the same name", async () => {
    const { ada } = await cup();
    const other = await track.host();
    expect((await standings(other)).text).toContain("You have no series called");
    await race(other, [ada], 5000);
    expect((await standings(other)).embeds).toContain("after 1 race");
  });
});

describe("/race winner", () => {
  test("must be someone who raced, and is named by the host or staff", async () => {
    const { ada, ben, first, second } = await cup();
    expect((await winner(first, ada)).text).toContain("didn't race in it");
    expect((await winner(second, ben, ben)).text).toContain("Only the host");
    const staff = people.person({ permissions: "32" });
    expect((await winner(second, ben, staff)).text).toContain("won **Heat**");
    expect(await track.stored(second)).toMatchObject({ winner_id: ben });
  });

  test("is the one named last, however late an older command is delivered", async () => {
    const { ada, ben, second } = await cup();
    const wrong = await winner(second, ben);
    await winner(second, ada);
    await track.repeat(wrong, "race winner", { racer: ben, lobby: second.id });
    expect(await track.stored(second)).toMatchObject({ winner_id: ada });
  });
});

describe("standings", () => {
  const usd = (amount: number) => [{ currency: "usd", amount }];

  test("do not depend on the order of races, and break ties by earnings, then by races", () => {
    const races = [
      {
        winnerId: "a",
        shares: [
          { racerId: "a", shares: usd(1) },
          { racerId: "b", shares: usd(5) },
        ],
      },
      {
        winnerId: "b",
        shares: [
          { racerId: "b", shares: usd(2) },
          { racerId: "c", shares: [] },
        ],
      },
      { winnerId: undefined, shares: [{ racerId: "d", shares: [] }] },
      { winnerId: undefined, shares: [{ racerId: "c", shares: [] }] },
    ];
    const order = standingsOf(races, "usd").map(({ racerId }) => racerId);
    expect(order).toEqual(["b", "a", "c", "d"]);
    expect(standingsOf(races.toReversed(), "usd")).toEqual(standingsOf(races, "usd"));
  });

  test("put the shop's currency before others", () => {
    const shares = [
      { racerId: "a", shares: [{ currency: "jpy", amount: 9000 }] },
      { racerId: "b", shares: usd(1) },
    ];
    expect(standingsOf([{ winnerId: undefined, shares }], "usd")[0]?.racerId).toBe("b");
  });
});
