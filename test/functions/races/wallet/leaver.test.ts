import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAmounts } from "../../../../shared/money/money.ts";
import { loadConfig } from "../../../../shared/runtime/config.ts";
import { ConfigError } from "../../../../shared/runtime/settings.ts";
import { startPayouts } from "../../../support/races/payouts.ts";

let world: Awaited<ReturnType<typeof startPayouts>>;

beforeAll(async () => {
  world = await startPayouts();
});
afterAll(() => world.cloud.stop());

/** The command that staff run for someone who leaves. */
const leaver = (user: string, options: Record<string, string | boolean> = {}, by = world.staff) =>
  world.people.command(by, "payout", { user, leaver: true, ...options });

describe("the minimum payout", () => {
  test.each([
    ["usd", "19.99", /start at \$20\.00/, "20"],
    ["jpy", "2499", /start at ¥2,500/, "2500"],
    ["aud", "29.99", /start at A\$30\.00/, "30.00"],
  ])("is an amount of %s", async (currency, little, words, enough) => {
    const user = await world.racer(9000, {}, currency);
    expect((await world.pay(user, little, { currency })).text).toMatch(words);
    expect(await world.left(user, currency)).toBe(9000);
    expect((await world.pay(user, enough, { currency })).text).toContain("Done");
  });

  test("does not exist in a currency that the setting does not name", async () => {
    const user = await world.racer(9000, {}, "kwd");
    expect((await world.pay(user, "0.001", { currency: "kwd" })).text).toContain("Done");
    expect(await world.left(user, "kwd")).toBe(8999);
  });

  test("is shown in a wallet for each of its currencies", async () => {
    const user = await world.racer(500, {}, "jpy");
    await world.books.earner(user, 600, "kwd");
    const { embeds } = await world.people.command(user, "wallet");
    expect(embeds).toContain("Payouts occur when your available balance reaches ¥2,500.");
    expect(embeds).toContain("Payouts in KWD have no minimum.");
    expect(embeds).not.toContain("$");
  });
});

describe("someone who leaves", () => {
  test("is paid everything that is available, even below the minimum payout, once", async () => {
    const user = await world.racer(734);
    expect((await world.pay(user, "7.34")).text).toContain("`leaver: True`");
    const { text } = await leaver(user);
    expect(text).toContain(`Done: $7.34 for <@${user}>`);
    expect(await world.left(user)).toBe(0);
    expect((await leaver(user)).text).toContain("The same amount was paid to them just now");
    await world.cloud.clock.advance(3 * 60_000);
    expect((await leaver(user)).text).toContain("nothing available");
    expect(await world.payouts(user)).toHaveLength(1);
  });

  test("is paid only exactly that if an amount is named, as a code needs", async () => {
    const user = await world.racer(734);
    expect((await leaver(user, { amount: "7.00" })).text).toContain("has $7.34");
    expect((await leaver(user, { amount: "7.35" })).text).toContain("has $7.34 available");
    expect((await leaver(user, { code: "GIFT-1" })).text).toContain("enter that with `amount:`");
    expect(await world.left(user)).toBe(734);
    expect((await leaver(user, { amount: "7.34", code: "GIFT-1" })).text).toContain("by DM");
    expect(await world.left(user)).toBe(0);
  });

  test("has their pending money and other currencies shown to the staff member", async () => {
    const user = await world.racer(400);
    await world.books.earner(user, 300, "eur");
    await world.books.sell(await world.books.race([user]), 250, { heldMinutes: 10 });
    const { text } = await leaver(user);
    expect(text).toContain("Done: $4.00");
    expect(text).toContain("They also have €3.00: pay that with `currency:`.");
    expect(text).toContain("$2.50 is still pending");
  });

  test("who has nothing in the shop's currency has the others shown to the staff member", async () => {
    const user = await world.racer(300, {}, "eur");
    const { text } = await leaver(user);
    expect(text).toContain("nothing available in USD");
    expect(text).toContain("They also have €3.00: pay that with `currency:`.");
    expect((await leaver(user, { currency: "eur" })).text).toContain("Done: €3.00");
  });

  test("is paid only by staff, and not money that can still be taken back", async () => {
    const user = await world.racer(900);
    expect((await leaver(user, {}, user)).text).toContain("That's for the team");
    const debtor = world.people.person();
    const saleId = await world.books.earner(debtor, 2500);
    await world.pay(debtor, "25");
    await world.books.refund(saleId, 2500);
    expect((await leaver(debtor)).text).toContain("nothing available");
    expect(await world.left(debtor)).toBe(-2500);
  });

  test.each(["us$", "zzz"])(
    "with an unknown currency (%s) is refused with the reason",
    async (currency) => {
      const user = await world.racer(500);
      expect((await leaver(user, { currency })).text).toContain("I don't know that currency");
      expect(await world.left(user)).toBe(500);
    },
  );

  test("is the only kind of payout without a required amount", async () => {
    const user = await world.racer(5000);
    const { text } = await world.people.command(world.staff, "payout", { user });
    expect(text).toContain("Enter the amount");
    expect(await world.left(user)).toBe(5000);
  });
});

describe("the setting for minimum payouts", () => {
  test("takes amounts in their currencies' own units", () => {
    const amounts = parseAmounts(" 20.00 usd, 2500 JPY,0 eur,1.234 kwd ");
    expect(Object.fromEntries(amounts ?? [])).toEqual({ usd: 2000, jpy: 2500, eur: 0, kwd: 1234 });
  });

  test.each(["2000", "usd 20", "20.00 usd,", "20.001 usd", "20 usd, 30 usd", "-1 usd", "5 zzz"])(
    "is refused by name if it is %j",
    (value) => {
      const load = () => loadConfig({ PAYOUT_THRESHOLD: value }, ["PAYOUT_THRESHOLD"]);
      expect(load).toThrow(ConfigError);
      expect(load).toThrow("PAYOUT_THRESHOLD");
    },
  );
});
