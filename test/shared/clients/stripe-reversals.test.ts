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

/** A client before whose first reversal the same transfer is reversed for another cause. */
function clientAfter(transferId: string, amount: number) {
  const config = { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_API_BASE_URL: open.simulator.url };
  let isFirst = true;
  return connectStripe(config, { info: () => undefined }, async (input, init) => {
    const isReversal = init?.method === "POST" && /\/reversals$/.test(String(input));
    if (isReversal && isFirst) {
      isFirst = false;
      await open.stripe.transfers.createReversal(transferId, { amount });
    }
    return fetch(input, init);
  });
}

describe("a reversal that was decided before another one of the same transfer", () => {
  test.each([
    { first: 300, wanted: 3800, taken: 3500 },
    { first: 300, wanted: 3500, taken: 3500 },
    { first: 3800, wanted: 3800, taken: 0 },
  ])("takes what that one left: %p", async ({ first, wanted, taken }) => {
    const id = await transferred();
    const stripe = clientAfter(id, first);
    const reversal = { causeId: "order-1.dispute:1", amount: wanted };
    expect(await stripe.reverseTransfer(id, reversal)).toBe(taken);
    expect(await stripe.reverseTransfer(id, reversal)).toBe(taken);
    const { amount_reversed } = await open.stripe.transfers.retrieve(id);
    expect(amount_reversed).toBe(first + taken);
  });
});
