import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { withinBase } from "../../../../functions/races/domain/sale.ts";
import type { Reading } from "../../../../functions/races/providers/reading.ts";
import {
  readExact,
  sumOfExact,
  toMinorUnits,
} from "../../../../functions/races/providers/woocommerce/amounts.ts";
import { woocommerce } from "../../../../functions/races/providers/woocommerce/provider.ts";

const SECRET = "a-secret-of-the-shop";
const receive = woocommerce.open({ WOOCOMMERCE_WEBHOOK_SECRET: `${SECRET},another-secret-of-16` });
const RECEIVED_AT = new Date("2026-11-21T18:00:30Z");
const PERSONAL = /Robin|Ashgrove/;

function read(content: unknown): readonly Reading[] {
  const body = Buffer.from(JSON.stringify(content));
  const headers: Record<string, string> = {
    "x-wc-webhook-topic": "order.updated",
    "x-wc-webhook-signature": createHmac("sha256", SECRET).update(body).digest("base64"),
  };
  const received = receive({
    body,
    header: (name) => headers[name] ?? "",
    receivedAt: RECEIVED_AT,
  });
  if (typeof received === "string") throw new Error(`It was ${received}.`);
  return received;
}

const ORDER = {
  id: 727,
  status: "processing",
  currency: "USD",
  date_paid_gmt: "2026-11-21T18:00:00",
  total: "31.49",
  total_tax: "2.00",
  shipping_total: "4.50",
  customer_note: "For Robin",
  billing: { first_name: "Robin", last_name: "Ashgrove" },
  meta_data: [{ key: "a", value: "Ashgrove" }],
  line_items: [{ name: "A cap", total: "24.99" }],
  refunds: [{ id: 728, reason: "Robin sent it back", total: "-10.00" }],
};

const CURRENCIES = [
  ["USD", 2],
  ["JPY", 0],
  ["KWD", 3],
] as const;
/** Minor units as a shop writes them that has some more decimals than the currency. */
function written(minor: number, decimals: number, more: number): string {
  const digits = String(minor).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals) + "0".repeat(more);
  return fraction ? `${whole}.${fraction}` : whole;
}
const minor = fc.nat(99_999_999);

describe("amounts of WooCommerce", () => {
  test("are read to the last minor unit, with whatever decimals they are written", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURRENCIES),
        minor,
        fc.nat(5),
        ([code, places], units, more) => {
          const exact = readExact(written(units, places, more));
          expect(exact).toBeDefined();
          expect(toMinorUnits(exact ?? -1n, code.toLowerCase())).toBe(units);
        },
      ),
    );
  });

  test("are rounded once, after they have been added up", () => {
    const parts = fc.array(fc.nat(999_999_999), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(parts, (tenThousandths) => {
        const sum = sumOfExact(tenThousandths.map((part) => readExact(written(part, 4, 0))));
        const whole = tenThousandths.reduce((total, part) => total + part, 0);
        expect(toMinorUnits(sum ?? -1n, "usd")).toBe(Math.floor((whole + 50) / 100));
      }),
    );
  });

  test("that are no amounts are refused", () => {
    for (const text of ["", " 1", "1e3", "+1", "1,000", ".5", "1.", "--1", "0x1", "NaN", null]) {
      expect([text, readExact(text)]).toEqual([text, undefined]);
    }
    expect(toMinorUnits(-1n, "usd")).toBeUndefined();
    expect(toMinorUnits(1n, "xxq")).toBeUndefined();
  });

  test("of refunds never take more than the sale, and all of it once everything is refunded", () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, fc.nat(50_000), fc.nat(50_000), (refunded, shipping, tax) => {
        const paid = refunded.reduce((sum, amount) => sum + amount, 0);
        fc.pre(paid >= shipping + tax);
        const orderAt = (count: number) => ({
          ...ORDER,
          total: written(paid, 2, 0),
          total_tax: written(tax, 2, 0),
          shipping_total: written(shipping, 2, 0),
          line_items: [{ name: "A cap", total: written(paid - shipping - tax, 2, 0) }],
          refunds: refunded
            .slice(0, count)
            .map((amount, index) => ({ id: index + 1, total: `-${written(amount, 2, 0)}` })),
        });
        let before = 0;
        for (let count = 0; count <= refunded.length; count += 1) {
          const [first, ...rest] = read(orderAt(count));
          const base = first?.kind === "sale" ? first.sale.base : Number.NaN;
          expect(base).toBe(paid - shipping - tax);
          const taken = rest.map((each) => {
            if (each.kind !== "refund") throw new Error("A refund was not read.");
            return { ...each.refund, id: each.refund.refundId };
          });
          const sum = withinBase(base, taken);
          expect(sum).toBeGreaterThanOrEqual(before);
          expect(sum).toBeLessThanOrEqual(base);
          before = sum;
          if (count === refunded.length) expect(sum).toBe(base);
        }
      }),
    );
  });
});

describe("a signed body", () => {
  test("whatever it is, becomes a sale, nothing or a dead letter without the buyer", () => {
    const names = Object.keys(ORDER);
    const changes = fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { maxKeys: 3 });
    const bodies = fc.oneof(
      fc.jsonValue(),
      changes.map((changed) => ({ ...ORDER, ...changed })),
    );
    fc.assert(
      fc.property(bodies, (content) => {
        const readings = read(content);
        expect(readings.length).toBeGreaterThan(0);
        for (const reading of readings) {
          if (reading.kind === "unreadable") {
            const { id, body, isReport } = reading.deadLetter;
            expect(id).toMatch(/^shop-webhook\.woocommerce\.[\w-]+$/);
            expect(body).not.toMatch(PERSONAL);
            expect(isReport).toBe(true);
          }
          if (reading.kind === "sale") {
            expect(reading.sale.base).toBeGreaterThanOrEqual(0);
            expect(Number.isSafeInteger(reading.sale.base)).toBe(true);
            expect(JSON.stringify(reading.sale)).not.toMatch(PERSONAL);
          }
          if (reading.kind === "refund") {
            expect(reading.refund.amount).toBeGreaterThan(0);
            expect(JSON.stringify(reading.refund)).not.toMatch(PERSONAL);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("reports the same sale and refunds however often, and whenever, it arrives", () => {
    expect(read(ORDER)).toEqual(read({ ...ORDER, status: "completed", id: "727" }));
    expect(read(ORDER)).toMatchObject([
      { kind: "sale", sale: { id: "woocommerce:727", base: 2499, currency: "usd" } },
      {
        kind: "refund",
        refund: { id: "woocommerce:727/refund-728/1000", amount: 1000, paid: 3149 },
      },
    ]);
  });
});

test("a secret that would be cut at its commas is refused when the function starts", () => {
  for (const secret of ["short", "with space in the middle", "a-good-one-of-16,bad one"]) {
    expect(() => woocommerce.open({ WOOCOMMERCE_WEBHOOK_SECRET: secret })).toThrow(
      /WOOCOMMERCE_WEBHOOK_SECRET is malformed \(expected: 16 to 100/,
    );
  }
});
