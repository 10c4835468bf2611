import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Order } from "../../../../functions/shop/domain/order.ts";
import { profile } from "../../../../functions/shop/messages/builders.ts";
import { orderOf, paymentOf } from "../../../support/shop/paid-order.ts";

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const MAX = { all: 6000, description: 4096, field: 1024 };
const NOW = new Date("2026-11-01T20:00:00Z");

const currency = fc.constantFrom("usd", "eur", "gbp", "cad", "aud", "jpy", "chf", "sek", "nzd");
const url = fc.string({ maxLength: 1500 }).map((path) => `https://checkout.stripe.com/${path}`);
const order: fc.Arbitrary<Order> = fc
  .record({
    id: fc.string({ minLength: 1, maxLength: 100 }),
    title: fc.string({ maxLength: 300, unit: fc.constantFrom("*", "_", "a", "🎹") }),
    fulfillmentStatus: fc.constantFrom("reserved", "paid", "building", "delivered"),
    twitchVodLink: fc.option(url, { nil: undefined }),
    currency,
    page: url,
    amount: fc.integer({ min: 50, max: 99_999_999 }),
  })
  .map(({ currency: of, page, amount, ...fields }) => {
    const checkout = {
      attempt: 1,
      expiresAt: new Date(NOW.getTime() + 1),
      sessionId: "cs_1",
      url: page,
    };
    return orderOf(paymentOf({ amount, currency: of, checkout, paidAt: undefined }), fields);
  });
const orders = (maxLength: number) => fc.array(order, { maxLength, size: "max" });
const builder = {
  id: "1",
  standing: { state: "approved" as const, reason: undefined, version: 1 },
  twitchUsername: "mina",
  twitchUserId: "2",
  orderChannelId: undefined,
  isLive: false,
  account: undefined,
  signedOutAt: undefined,
};

test("a profile fits into one message, whatever somebody bought and sold, and counts what it leaves out", () => {
  fc.assert(
    fc.property(
      orders(25),
      orders(100),
      fc.boolean(),
      fc.dictionary(currency, fc.nat()),
      (bought, sold, isBuilder, owed) => {
        const debts = new Map(Object.entries(owed));
        const pages = new Map(bought.map(({ id }) => [id, `https://c500.live/order/${id}`]));
        const { embeds = [] } = profile({
          bought,
          pages,
          builder: isBuilder ? builder : undefined,
          sold,
          openDrops: 3,
          debts,
          now: NOW,
        });
        const texts = embeds.flatMap(({ title = "", description = "", fields = [] }) => {
          expect(description.length).toBeLessThanOrEqual(MAX.description);
          for (const { value } of fields) expect(value.length).toBeLessThanOrEqual(MAX.field);
          return [title, description, ...fields.flatMap(({ name, value }) => [name, value])];
        });
        expect(texts.join("").length).toBeLessThanOrEqual(MAX.all);
        const lines = embeds[0]?.description?.split("\n") ?? [];
        const more = Number(/^and (\d+) more$/.exec(lines.at(-1) ?? "")?.[1] ?? 0);
        const shown = bought.length === 0 ? 0 : lines.length - (more > 0 ? 1 : 0);
        expect(shown + more).toBe(bought.length);
      },
    ),
    { numRuns: 100 },
  );
});
