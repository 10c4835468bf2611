import { describe, expect, test } from "@jest/globals";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers, toAnswer } from "../../../support/shop/shop.ts";

const DAY_MS = 24 * 3_600_000;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const books = earnings(cloud);
const track = racers(cloud, people);
const channelId = track.channel();
await track.registerCommands();

const staff = () => people.person({ permissions: "32" });
const asked = () =>
  cloud.discord
    .messages(community.operatorsChannelId)
    .filter(({ embeds }) => embeds[0]?.title === "A racer asks for a payout")
    .map(({ embeds }) => String(embeds[0]?.description));

/** Presses "Ask for a payout" under a wallet. */
async function request(user: string) {
  const { interactionId } = await track.command(user, channelId, "wallet");
  const message = cloud.discord.interaction(interactionId)?.original?.id ?? "1";
  return track.press(user, channelId, message, "payout-request:me");
}

describe("/wallet user:", () => {
  test("shows a person's wallet only to staff, without a button", async () => {
    const racer = people.person();
    await books.earner(racer, 2500);
    const seen = await people.command(staff(), "wallet", { user: racer });
    expect(seen.embeds).toContain(`<@${racer}>`);
    expect(seen.embeds).toContain("$25.00 available");
    expect(seen.text).not.toContain("Ask for a payout");
    const refused = await people.command(people.person(), "wallet", { user: racer });
    expect(refused.text).toContain("Only the team can see someone else's wallet");
    expect(refused.embeds).not.toContain("$25.00");
    expect((await people.command(racer, "wallet", { user: racer })).embeds).toContain(
      "Your Racer Wallet",
    );
  });
});

describe("a racer who asks for a payout", () => {
  test("is put on the team's list, once a day, until they are paid", async () => {
    const [racer, other, member] = [people.person(), people.person(), staff()];
    await books.earner(racer, 3000);
    await books.earner(other, 9000);
    const before = asked().length;
    expect((await request(racer)).text).toContain("I've notified the team");
    expect((await request(racer)).text).toContain("already asked today");
    expect(asked().slice(before)).toEqual([expect.stringContaining(`<@${racer}> has $30.00`)]);
    const lines = await listed(member);
    expect(lines[0]).toContain(`<@${racer}> **$30.00** · asked`);
    expect(lines.findIndex((line) => line.includes(other))).toBeGreaterThan(0);
    await people.command(member, "payout", { user: racer, amount: "30.00" });
    expect((await listed(member)).join()).not.toContain(racer);
    await books.earner(racer, 2100);
    expect((await listed(member)).find((line) => line.includes(racer))).not.toContain("asked");
    await cloud.clock.advance(DAY_MS);
    expect((await request(racer)).text).toContain("I've notified the team");
  });

  test("is refused if there is too little available", async () => {
    const racer = people.person();
    await books.earner(racer, 1999);
    const { text } = await request(racer);
    expect(text).toContain("less available than the minimum payout");
  });
});

describe("/payouts list", () => {
  test("says who has less than the minimum, and puts them last, even if their number is larger", async () => {
    const [yen, dollars, member] = [people.person(), people.person(), staff()];
    // 2,500 yen or 20 dollars are the minimum.
    await books.earner(yen, 2400, "jpy");
    await books.earner(dollars, 2000);
    const lines = await listed(member);
    const at = (racer: string) => lines.findIndex((line) => line.includes(racer));
    expect(lines[at(yen)]).toContain("**¥2,400** · below the minimum");
    expect(lines[at(dollars)]).toContain("**$20.00**");
    expect(lines[at(dollars)]).not.toContain("below the minimum");
    expect(at(dollars)).toBeLessThan(at(yen));
  });
});

describe("tax forms", () => {
  test("are recorded by staff and shown in their list", async () => {
    const [racer, member] = [people.person(), staff()];
    await books.earner(racer, 2500);
    const line = async () => (await listed(member)).find((each) => each.includes(racer));
    expect(await line()).toContain("no tax form");
    const noted = await people.command(member, "payouts tax", {
      user: racer,
      form: "w-9",
      note: "in the safe",
    });
    expect(noted.text).toBe(`Noted for <@${racer}>: W-9.`);
    expect(await line()).toContain("W-9 (in the safe)");
  });

  test("are those of the command typed last, however late an older one is delivered", async () => {
    const [racer, member] = [people.person(), staff()];
    await books.earner(racer, 2500);
    const late = { kind: "delay", ms: 20_000 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver wallet/, fault: late, times: 1 });
    const { id } = await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: member,
      channelId,
      name: "payouts tax",
      options: { user: racer, form: "missing" },
    });
    await cloud.clock.advance(1000);
    await people.command(member, "payouts tax", { user: racer, form: "w-9" });
    await cloud.clock.advance(20_000);
    await cloud.settle();
    expect((await listed(member)).find((each) => each.includes(racer))).toContain("W-9");
    expect(toAnswer(cloud.discord, id).text).toContain("that counts: W-9");
  });

  test("that are missing are requested when the yearly limit comes near", async () => {
    const [racer, member] = [people.person(), staff()];
    await books.earner(racer, 250_000);
    const list = await listed(member);
    expect(list.find((each) => each.includes(racer))).toContain("get their tax form first");
    const pay = (amount: string) => people.command(member, "payout", { user: racer, amount });
    expect((await pay("1500.00")).text).not.toContain("tax form");
    const { text } = await pay("150.00");
    expect(text).toContain("has been paid $1,650.00 this year. From $2,000.00 on");
    await people.command(member, "payouts tax", { user: racer, form: "w-8ben" });
    expect((await pay("100.00")).text).not.toContain("tax form");
  });
});

describe("the team's list", () => {
  test("shows as many racers as fit, however long the notes about their forms are, and counts the others", async () => {
    const member = staff();
    const note = "In the drive, under taxes, 2026, race of the first of June";
    for (let count = 0; count < 30; count += 1) {
      const racer = people.person();
      await books.earner(racer, 100_000 + count);
      await request(racer);
      await people.command(member, "payouts tax", { user: racer, form: "w-8ben", note });
    }
    const list = await listed(member);
    expect(list[0]).toContain(`W-8BEN (${note})`);
    expect(list.at(-1)).toMatch(/^and \d+ more$/);
  });

  test("has everyone who asked, even if there are more racers than it looks at", async () => {
    const newest = people.person();
    await books.earner(newest, 200_000);
    await giveACentTo(Array.from({ length: 300 }, (_, count) => `1${10_000 + count}`));
    const member = staff();
    expect((await listed(member)).join("\n")).not.toContain(newest);
    await request(newest);
    const list = await listed(member);
    expect(list.find((line) => line.includes(newest))).toContain("**$2,000.00** · asked");
    expect(list.at(-1)).toContain("more racers than I can list");
  });
});

/** Books a cent for each of these racers. */
async function giveACentTo(racerIds: readonly string[]) {
  const at = new Date(cloud.clock.nowMs());
  const shared = { availableAt: at, lobbyId: undefined };
  const postings = [
    { account: "platform", amount: -racerIds.length, ...shared } as const,
    ...racerIds.map((id) => ({ account: racerAccount(id), amount: 1, ...shared })),
  ];
  const entry = { id: "cents", kind: "sale", at, currency: "usd", saleId: undefined } as const;
  await cloud.firestore.runTransaction(async (transaction) => {
    addTransaction(cloud.firestore, transaction, { ...entry, postings });
  });
}

async function listed(member: string): Promise<string[]> {
  const { embeds } = await people.command(member, "payouts list");
  const [embed] = JSON.parse(embeds) as [{ description: string }];
  return embed.description.split("\n");
}
