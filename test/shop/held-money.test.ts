import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../support/cloud.ts";
import { type Sale, sales } from "../support/sales.ts";
import { shoppers } from "../support/shop.ts";

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** gRPC: an error that Firestore's client does not try again. https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
let books: ReturnType<typeof sales>;

beforeAll(async () => {
  cloud = await startTestCloud();
  people = shoppers(cloud);
  books = sales(cloud, people);
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  cloud.faults.clear();
  // Discord counts posts of a channel by five seconds.
  await cloud.clock.advance(5000);
});

const transfersOf = ({ chargeId }: Sale) =>
  books
    .happened("transfer.created")
    .filter((transfer) => transfer["source_transaction"] === chargeId);
const refundsOf = ({ chargeId }: Sale) =>
  books.happened("refund.created").filter((refund) => refund["charge"] === chargeId);
/** How often the buyer and the builder were warned. */
const warnings = ({ buyer, builder }: Sale) =>
  [buyer, builder].map((user) => books.timesTold(user, "hasn't been on stream yet"));
const heldUntilMs = async (orderId: string): Promise<number> =>
  (await cloud.firestore.doc(`orders/${orderId}`).get()).get("held_until").toMillis();

/**
 * Lets time pass until so many minutes before the money goes back. The last quarter of an hour passes
 * by itself, so that the sweeper's last call is not one that a leap passes over.
 */
async function passUntil({ orderId }: Sale, minutesBefore: number): Promise<void> {
  const atMs = (await heldUntilMs(orderId)) - minutesBefore * MINUTE_MS;
  const leftMs = () => atMs - cloud.clock.nowMs();
  if (leftMs() > QUARTER_MS) {
    await cloud.clock.advance(leftMs() - QUARTER_MS);
    await cloud.settle();
  }
  await cloud.clock.advance(leftMs());
  await cloud.settle();
}

describe("held money is released on the proof of work", () => {
  test.each([
    ["0.99", 99 - 4],
    ["10.01", 1001 - 50],
    ["33.33", 3333 - 166],
    ["19.99", 1999 - 99],
  ])("of $%s the builder gets the exact cents, out of that charge", async (price, share) => {
    const sale = await books.sale("held", { price });
    expect(books.has(sale)).toBe(0);
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(transfersOf(sale)).toEqual([
      expect.objectContaining({
        amount: share,
        currency: "usd",
        destination: sale.account,
        transfer_group: sale.orderId,
      }),
    ]);
    expect(books.has(sale)).toBe(share);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(books.timesTold(sale.builder, "are on the way to your account")).toBe(1);
  });

  test("once, however often it is asked for and whatever answers are lost", async () => {
    const sale = await books.sale("held");
    const copies = { kind: "duplicate", copies: 5 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver order-release/, fault: copies });
    const operation = /^POST \/v1\/transfers/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "lose-answer" }, times: 3 });
    await people.proveOnStream(sale.builder, sale.orderId);
    await cloud.eventually(async () => (await people.order(sale.orderId))["hold"] === "released");
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.pass(10);
    expect(transfersOf(sale)).toHaveLength(1);
    expect(books.has(sale)).toBe(3167);
    expect(books.timesTold(sale.builder, "are on the way to your account")).toBe(1);
  });

  test("once, though Stripe made it, answered nothing and forgot its idempotency key", async () => {
    const sale = await books.sale("held");
    const stripe = { target: "stripe", operation: /^POST \/v1\/transfers/ } as const;
    cloud.faults.add({ ...stripe, fault: { kind: "lose-answer" } });
    const pubsub = { target: "pubsub", operation: /^deliver order-release/ } as const;
    cloud.faults.add({ ...pubsub, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...pubsub, fault: { kind: "drop" } });
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "releasing" });
    await people.pass(2 * DAY_MINUTES);
    cloud.faults.clear();
    await people.pass(20);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(transfersOf(sale)).toHaveLength(1);
    expect(books.has(sale)).toBe(3167);
  });
});

describe("a proof before the account can take money", () => {
  test("is told, and the money follows once when the account is ready", async () => {
    const sale = await books.sale("held");
    cloud.stripe.restrict(sale.account, "external_account");
    await cloud.settle();
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(await people.order(sale.orderId)).toMatchObject({
      hold: "held",
      fulfillment_status: "building",
    });
    expect(books.timesTold(sale.builder, "I can't pay you yet")).toBe(1);
    expect(transfersOf(sale)).toEqual([]);

    cloud.stripe.completeOnboarding(sale.account);
    await cloud.settle();
    await books.repeat("account.updated", sale.account);
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "released" });
    expect(transfersOf(sale)).toHaveLength(1);
    expect(books.has(sale)).toBe(3167);
  });

  test("outlasts the 14 days: proved money is not given back", async () => {
    const sale = await books.sale("held");
    cloud.stripe.restrict(sale.account, "external_account");
    await cloud.settle();
    await people.proveOnStream(sale.builder, sale.orderId);
    await passUntil(sale, -60);
    expect(refundsOf(sale)).toEqual([]);
    expect(warnings(sale)).toEqual([0, 0]);
    cloud.stripe.completeOnboarding(sale.account);
    await cloud.settle();
    expect(books.has(sale)).toBe(3167);
  });
});

describe("held money that nobody proves", () => {
  test("is warned of three days and one day before, to both, once each, and then goes back whole", async () => {
    const sale = await books.sale("held");
    const twice = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch held-payment/, fault: twice });
    await passUntil(sale, 3 * DAY_MINUTES + 1);
    expect(warnings(sale)).toEqual([0, 0]);
    await passUntil(sale, 3 * DAY_MINUTES - 2);
    expect(warnings(sale)).toEqual([1, 1]);
    await passUntil(sale, DAY_MINUTES + 1);
    expect(warnings(sale)).toEqual([1, 1]);
    await passUntil(sale, DAY_MINUTES - 2);
    expect(warnings(sale)).toEqual([2, 2]);
    await passUntil(sale, 1);
    expect(refundsOf(sale)).toEqual([]);

    await passUntil(sale, -2);
    expect(refundsOf(sale)).toEqual([expect.objectContaining({ amount: 3333 })]);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      hold: "returned",
      refunded: 3333,
    });
    expect(await people.stock(sale.dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
    await people.pass(60);
    expect(warnings(sale)).toEqual([2, 2]);
    expect(books.timesTold(sale.buyer, "what you paid goes back to you")).toBe(1);
    expect(books.timesTold(sale.builder, "the buyer got their money back")).toBe(1);
    expect(refundsOf(sale)).toHaveLength(1);

    const { embeds } = await people.proveOnStream(sale.builder, sale.orderId);
    expect(embeds).toContain("finished or cancelled");
    expect(books.has(sale)).toBe(0);
  });

  test("goes back as far as it was not refunded before, and the warnings say so", async () => {
    const sale = await books.sale("held");
    await people.command(sale.builder, "c500 refund", { order: sale.orderId, amount: "10.00" });
    await passUntil(sale, 3 * DAY_MINUTES - 2);
    expect(warnings(sale)).toEqual([1, 1]);
    expect(books.timesTold(sale.buyer, "you get your $23.33 back")).toBe(1);
    await passUntil(sale, -2);
    expect(refundsOf(sale).map(({ amount }) => amount)).toEqual([1000, 2333]);
    expect(await people.order(sale.orderId)).toMatchObject({ fulfillment_status: "refunded" });
  });

  test("is warned of and goes back although every task was lost", async () => {
    const sale = await books.sale("held");
    const lost = { kind: "drop" } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch held-payment/, fault: lost });
    await passUntil(sale, 3 * DAY_MINUTES - 21);
    expect(warnings(sale)).toEqual([1, 1]);
    await passUntil(sale, DAY_MINUTES - 21);
    expect(warnings(sale)).toEqual([2, 2]);
    await passUntil(sale, -21);
    expect(refundsOf(sale)).toEqual([expect.objectContaining({ amount: 3333 })]);
    expect(books.timesTold(sale.buyer, "what you paid goes back to you")).toBe(1);
  });

  test("is not counted as held any more once all of it was refunded, proved or not", async () => {
    const sale = await books.sale("held");
    cloud.stripe.restrict(sale.account, "external_account");
    await cloud.settle();
    await people.proveOnStream(sale.builder, sale.orderId);
    await people.command(sale.builder, "c500 refund", { order: sale.orderId });
    await passUntil(sale, -30);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      hold: "returned",
    });
  });
});

describe("a proof at the moment when the money goes back", () => {
  test("either releases or refunds each order, never both and never neither", async () => {
    const builder = (await people.builder({ isLive: true })).id;
    const account = await people.accountOf(builder);
    const dropId = await people.drop(builder, { payment: "held", price: "33.33", quantity: "4" });
    const buyers = Array.from({ length: 4 }, () => people.person());
    const answers = await Promise.all(buyers.map((buyer) => people.buyNow(buyer, dropId)));
    for (const answer of answers) cloud.stripe.pay(people.sessionOf(answer));
    await cloud.settle();
    const ids = answers.map(({ interactionId }) => interactionId);

    // A leap over both moments sends both requests at once: some proofs just before the end's task,
    // some just after it.
    const ends = await Promise.all(ids.map(heldUntilMs));
    await cloud.clock.advance(Math.min(...ends) - 10 * MINUTE_MS - cloud.clock.nowMs());
    await cloud.settle();
    for (const [times, minutes] of [
      [2, 5],
      [2, 15],
    ] as const) {
      const fault = { kind: "delay", ms: minutes * MINUTE_MS } as const;
      cloud.faults.add({
        target: "pubsub",
        operation: /^deliver order-verification/,
        fault,
        times,
      });
    }
    const orders = ids.join(",");
    await people.command(builder, "c500 live", { context: "orders", orders });
    await people.pass(20);
    await people.pass(30);

    let released = 0;
    for (const [index, id] of ids.entries()) {
      const { hold, refunded, proof_go_live_id: proof } = await people.order(id);
      const isReleased = hold === "released";
      expect({ hold, refunded, isProved: proof !== undefined }).toEqual({
        hold: isReleased ? "released" : "returned",
        refunded: isReleased ? 0 : 3333,
        isProved: isReleased,
      });
      const buyer = buyers[index] ?? "";
      expect(books.timesTold(buyer, "on the workbench")).toBe(isReleased ? 1 : 0);
      expect(books.timesTold(buyer, "what you paid goes back to you")).toBe(isReleased ? 0 : 1);
      released += isReleased ? 1 : 0;
    }
    expect(books.has({ account })).toBe(released * 3167);
  });

  test("comes too late once the end is decided, even if the refund has yet to be made", async () => {
    const sale = await books.sale("held");
    await passUntil(sale, 1);
    const commit = { target: "firestore", operation: /^Commit/ } as const;
    cloud.faults.add({ ...commit, fault: { kind: "delay", ms: 0 }, times: 1 });
    const refuse = { kind: "fail", code: PERMISSION_DENIED } as const;
    cloud.faults.add({ ...commit, fault: refuse });
    const task = { target: "tasks", operation: /^dispatch held-payment/ } as const;
    cloud.faults.add({ ...task, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...task, fault: { kind: "drop" } });
    await cloud.clock.advance(62_000);
    await cloud.settle();
    expect(await people.order(sale.orderId)).toMatchObject({ hold: "ended", refunded: 0 });

    cloud.faults.clear();
    await people.proveOnStream(sale.builder, sale.orderId);
    expect(books.timesTold(sale.buyer, "on the workbench")).toBe(0);
    await people.pass(DAY_MINUTES);
    expect(await people.order(sale.orderId)).toMatchObject({
      fulfillment_status: "refunded",
      refunded: 3333,
    });
    expect(books.has(sale)).toBe(0);
  });
});
