import { describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { useCloud } from "../../../support/cloud.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const books = earnings(cloud);
await bidders(cloud, people).registerCommands();

const CURRENCIES =
  "aud brl cad chf czk dkk eur gbp hkd ils mxn myr nok nzd php pln ron sek sgd thb usd zar".split(
    " ",
  );

interface Shown {
  readonly color: number;
  readonly thumbnail: { readonly url: string };
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly footer: { readonly text: string };
}

async function wallet(user: string) {
  const answer = await people.command(user, "wallet");
  const [embed] = JSON.parse(answer.embeds) as [Shown];
  const field = (name: string) => embed.fields.find((each) => each.name === name)?.value ?? "";
  return { ...answer, embed, field };
}

describe("/wallet", () => {
  test("shows someone new $0.00, in gold, with their picture, and only to them", async () => {
    const user = people.person();
    const { interactionId, embed, field } = await wallet(user);
    expect(field("Balance")).toContain("$0.00");
    expect(field("Lifetime earnings")).toBe("$0.00");
    expect(embed.color).toBe(0xf2b705);
    expect(embed.thumbnail.url).toContain("https://cdn.discordapp.com/");
    expect(embed.footer.text).toContain("$20.00");
    const seen = cloud.discord.interaction(interactionId);
    expect(seen?.response?.type).toBe(5);
    expect(seen?.original?.onlyFor).toBe(user);
  });

  test("distinguishes pending from available money, and shows the next release", async () => {
    const user = people.person();
    await books.earner(user, 2500);
    const lobby = await books.race([user]);
    const soldAt = new Date(Math.floor(cloud.clock.nowMs()));
    await books.sell(lobby, 1001, { soldAt, heldMinutes: 30 });
    const { field } = await wallet(user);
    expect(field("Balance")).toBe("**$35.01** · $25.00 available, $10.01 pending");
    expect(field("Lifetime earnings")).toBe("$35.01");
    const releasedAtMs = soldAt.getTime() + 30 * 60_000;
    expect(field("Next release")).toBe(`<t:${Math.floor(releasedAtMs / 1000)}:R>`);
  });

  test("shows the last races with the person's and all racers' earnings, also after a race with many sales", async () => {
    const [user, other] = [people.person(), people.person()];
    const first = await books.race([user, other], "Alpine *rally*");
    await books.sell(first, 1000);
    const second = await books.race([user], "Night run");
    for (let sale = 0; sale < 60; sale += 1) await books.sell(second, 100);
    const lines = (await wallet(user)).field("Last races").split("\n");
    expect(lines).toEqual([
      "**Night run** · you $60.00, pot $60.00",
      "**Alpine \\*rally\\*** · you $5.00, pot $10.00",
    ]);
  });

  test("shows a line for each currency and never adds them up", async () => {
    const user = people.person();
    const lobby = await books.race([user]);
    await books.sell(lobby, 1000, { heldMinutes: 9 });
    await books.sell(lobby, 2000, { currency: "eur", heldMinutes: 9 });
    const { field } = await wallet(user);
    expect(field("Balance").split("\n")).toEqual([
      "**€20.00** · €0.00 available, €20.00 pending",
      "**$10.00** · $0.00 available, $10.00 pending",
    ]);
    expect(field("Last races")).toContain("you €20.00, pot €20.00 + you $10.00, pot $10.00");
  });

  test("says that what was taken back after a payout is deducted from the next earnings", async () => {
    const user = people.person();
    const saleId = await books.earner(user, 5000);
    const staff = people.person({ permissions: "32" });
    await people.command(staff, "payout", { user, amount: "50" });
    await books.refund(saleId, 1500);
    const { field } = await wallet(user);
    expect(field("Balance")).toContain("-$15.00 available");
    expect(field("Below zero")).toContain("next");
  });

  test("shows no next release if all pending money has been taken back", async () => {
    const user = people.person();
    const saleId = await books.sell(await books.race([user]), 1000, { heldMinutes: 30 });
    await books.refund(saleId, 1000);
    const { field } = await wallet(user);
    expect(field("Balance")).toBe("**$0.00** · $0.00 available, $0.00 pending");
    expect(field("Next release")).toBe("Nothing is pending.");
  });

  test("shows the release of a remaining share, not of an earlier one that was taken back", async () => {
    const user = people.person();
    const lobby = await books.race([user]);
    for (let sale = 0; sale < 60; sale += 1) {
      await books.refund(await books.sell(lobby, 100, { heldMinutes: 9 + sale / 60 }), 100);
    }
    const soldAt = new Date(Math.floor(cloud.clock.nowMs()));
    await books.sell(lobby, 700, { soldAt, heldMinutes: 30 });
    const { field } = await wallet(user);
    const releasedAtMs = soldAt.getTime() + 30 * 60_000;
    expect(field("Next release")).toBe(`<t:${Math.floor(releasedAtMs / 1000)}:R>`);
  });

  test("shows as many currencies as fit, and the number of others", async () => {
    const user = people.person();
    const lobby = await books.race([user]);
    for (const currency of CURRENCIES) {
      await books.sell(lobby, 1_000_000_00, { currency, heldMinutes: 9 });
    }
    const { field } = await wallet(user);
    const lines = field("Balance").split("\n");
    expect(field("Balance").length).toBeLessThanOrEqual(1024);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.at(-1)).toBe(`and ${CURRENCIES.length - lines.length + 1} more`);
    expect(field("Lifetime earnings").split("\n")).toHaveLength(CURRENCIES.length);
    expect(field("Last races")).toContain(`and ${CURRENCIES.length - 5} more`);
  });
});
