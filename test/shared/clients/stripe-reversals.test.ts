import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectStripe } from "../../../shared/clients/stripe/connect-stripe.ts";
import { type OpenStripe, openStripe, SECRET_KEY } from "../../local/stripe/support.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

/** A transfer of $38.00. */
async function transferred(): Promise<string> {
  const destination = await open.onboardedAccount();
  const { charge: source_transaction } = await open.paid(4000);
  const terms = { amount: 3800, currency: "usd", destination, source_transaction };
  return (await open.stripe.transfers.create(terms)).id;
}

/** A client that calls `meanwhile` before its first reversal reaches Stripe. */
function clientAfter(meanwhile: () => Promise<unknown>) {
  const config = { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_API_BASE_URL: open.simulator.url };
  let isFirst = true;
  return connectStripe(config, { info: () => undefined }, async (input, init) => {
    const isReversal = init?.method === "POST" && /\/reversals$/.test(String(input));
    if (isReversal && isFirst) {
      isFirst = false;
      await meanwhile();
    }
    return fetch(input, init);
  });
}

const reversedOf = async (id: string) => (await open.stripe.transfers.retrieve(id)).amount_reversed;

describe("a reversal that was decided before another one of the same transfer", () => {
  test.each([
    { first: 300, wanted: 3800, taken: 0, next: 3500 },
    { first: 300, wanted: 3500, taken: 3500, next: 0 },
    { first: 3800, wanted: 3800, taken: 0, next: 0 },
  ])("takes all of it or leaves it to the next one: %p", async ({ first, wanted, taken, next }) => {
    const id = await transferred();
    const stripe = clientAfter(() => open.stripe.transfers.createReversal(id, { amount: first }));
    const reversal = { causeId: "order-1.dispute:1", amount: wanted };
    expect(await stripe.reverseTransfer([id], reversal)).toBe(taken);
    expect(await stripe.reverseTransfer([id], reversal)).toBe(taken);
    expect(await reversedOf(id)).toBe(first + taken);
    const another = { causeId: "order-1.dispute:2", amount: wanted - taken };
    if (taken < wanted) expect(await stripe.reverseTransfer([id], another)).toBe(next);
    expect(await reversedOf(id)).toBe(first + taken + next);
  });
});

test("a refused reversal takes nothing later, although the next one left less to take", async () => {
  open.simulator.takeTime({ fundsMs: () => 60_000 });
  const id = await transferred();
  const refused = { causeId: "order-1.canceled:1", amount: 2500 };
  const repeated = { causeId: "order-1.canceled:2", amount: 2500 };
  // Another process handles the same debt: it is refused, and takes the money once it is available.
  const other = clientAfter(async () => undefined);
  const slow = clientAfter(async () => {
    await expect(other.reverseTransfer([id], refused)).rejects.toMatchObject({
      isLackOfBalance: true,
    });
    await open.clock.advance(60_000);
    expect(await other.reverseTransfer([id], repeated)).toBe(2500);
  });
  expect(await slow.reverseTransfer([id], refused)).toBe(0);
  expect(await reversedOf(id)).toBe(2500);
});

test("one reversal takes from one transfer: the newest that has something left", async () => {
  const ids = [await transferred(), await transferred()];
  const stripe = clientAfter(async () => undefined);
  const take = (attempt: number, amount: number) =>
    stripe.reverseTransfer(ids, { causeId: `order-1.dispute:${attempt}`, amount });
  expect(await take(1, 5000)).toBe(3800);
  expect(await take(2, 1200)).toBe(1200);
  expect(await take(1, 5000)).toBe(3800);
  expect(await take(2, 1200)).toBe(1200);
  expect(await Promise.all(ids.map(reversedOf))).toEqual([1200, 3800]);
  expect(await take(3, 5000)).toBe(2600);
  expect(await take(4, 5000)).toBe(0);
});
