import { describe, expect, test } from "@jest/globals";
import { saleMade, saleRefunded } from "../../../../functions/races/events/sale.ts";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { useCloud } from "../../../support/cloud.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let refunds = 0;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
const books = earnings(cloud);
await track.registerCommands();

const sent = (user: string, words: string) =>
  people.messagesTo(user).filter((text) => text.includes(words));
const showBoard = async (id: string) => {
  expect(await track.showBoard({ id, host: "", channelId: "" })).toBe(204);
  await cloud.settle();
};

/** Reports a refund as a shop does; with `again`, under the same id. */
async function refund(saleId: string, amount: number, again?: string) {
  refunds += 1;
  const id = again ?? `refund-${refunds}`;
  const event = { id: `${saleId}/${id}`, saleId, refundId: id, amount, currency: "usd" };
  await cloud.publisher.publish(saleRefunded, event);
  await cloud.settle();
  return id;
}

describe("a racer", () => {
  test("is notified of their first share of a race, once, and not of a second race that day", async () => {
    const lobby = await track.racing(2);
    const [ann = "", bob = ""] = lobby.racers;
    await track.sell(lobby, 10_000);
    await track.sell(lobby, 10_000);
    await showBoard(lobby.id);
    for (const racer of [ann, bob]) {
      expect(sent(racer, "Your first share of **Night race**")).toHaveLength(1);
    }
    await track.finish(lobby);
    const next = await track.lobby();
    for (const racer of [ann, bob]) await track.join(next, racer);
    await track.start(next);
    await cloud.clock.advance(1);
    await track.sell(next, 10_000);
    await showBoard(next.id);
    expect(sent(ann, "Your first share")).toHaveLength(1);
    await track.finish(next);
  });

  test("is notified once a day of what refunds take back, however often they are reported", async () => {
    const [ann, bob] = [people.person(), people.person()];
    const lobby = await books.race([ann, bob], "Refund cup");
    const sold = [await books.sell(lobby, 1000), await books.sell(lobby, 2000)];
    const id = await refund(sold[0] ?? "", 400);
    await refund(sold[0] ?? "", 400, id);
    await refund(sold[1] ?? "", 2000);
    for (const racer of [ann, bob]) {
      const [said, ...others] = sent(racer, "A buyer got money back");
      expect(said).toContain(
        "for a sale in **Refund cup** that you share in, so $2.00 of your share went back too",
      );
      expect(others).toEqual([]);
    }
    await cloud.clock.advance(DAY_MS);
    await refund(sold[0] ?? "", 600);
    expect(sent(ann, "A buyer got money back").at(-1)).toContain("$3.00 of your share");
    await createLobbies(async () => cloud.firestore).finish(lobby);
  });

  test("is not notified of a refund that takes nothing from them, or that arrives before its sale", async () => {
    const ann = people.person();
    const lobby = await books.race([ann]);
    await refund(`kofi:later-${lobby}`, 500);
    const other = await books.sell(lobby, 0);
    await refund(other, 100);
    expect(sent(ann, "A buyer got money back")).toEqual([]);
    await createLobbies(async () => cloud.firestore).finish(lobby);
  });

  test("is not notified of a refund that arrived before its sale when it is reported again", async () => {
    const ann = people.person();
    const lobby = await books.race([ann]);
    const id = `kofi:early-${lobby}`;
    const again = await refund(id, 400);
    const soldAtMs = Math.floor(cloud.clock.nowMs());
    const sold = { id, provider: "kofi", base: 1000, currency: "usd", soldAtMs } as const;
    await cloud.publisher.publish(saleMade, { ...sold, lobbyId: lobby, title: "A keycap" });
    await cloud.settle();
    await refund(id, 400, again);
    expect(sent(ann, "A buyer got money back")).toEqual([]);
    await createLobbies(async () => cloud.firestore).finish(lobby);
  });

  test("is notified once when their available money reaches the minimum payout", async () => {
    const lobby = await track.racing(2);
    const [ann = "", bob = ""] = lobby.racers;
    await track.sell(lobby, 20_000);
    await showBoard(lobby.id);
    await track.finish(lobby);
    expect(sent(ann, "you can be paid!")).toEqual([]);
    await cloud.pass(7 * DAY_MS + 2 * HOUR_MS);
    await cloud.settle();
    for (const racer of [ann, bob]) {
      expect(sent(racer, "you can be paid! $20.00")).toHaveLength(1);
    }
  });

  test("is notified of that even if the race's message could not be shown for hours after the sale", async () => {
    const lobby = await track.racing(2);
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "discord", operation: /channels/, fault });
    await track.sell(lobby, 20_000);
    await cloud.pass(3 * HOUR_MS);
    cloud.faults.clear();
    await cloud.pass(7 * DAY_MS);
    await cloud.settle();
    for (const racer of lobby.racers) {
      expect(sent(racer, "you can be paid! $20.00")).toHaveLength(1);
    }
  });

  test("is not notified while they have less than the minimum payout", async () => {
    const lobby = await track.racing(2);
    await track.sell(lobby, 19_800);
    await showBoard(lobby.id);
    await track.finish(lobby);
    await cloud.pass(7 * DAY_MS + 2 * HOUR_MS);
    await cloud.settle();
    expect(sent(lobby.racers[0] ?? "", "you can be paid!")).toEqual([]);
  });
});

describe("/race report", () => {
  test("counts refunded sales separately", async () => {
    const lobby = await track.racing(2);
    const sold = [await books.sell(lobby.id, 1000), await books.sell(lobby.id, 2000)];
    await books.refund(sold[0] ?? "", 1000);
    const answer = await track.command(lobby.host, lobby.channelId, "race report", {
      lobby: lobby.id,
    });
    expect(answer.embeds).toContain("2, 1 of them refunded in whole or in part");
    await track.finish(lobby);
  });
});
