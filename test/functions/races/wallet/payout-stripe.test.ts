import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createCorrections } from "../../../../functions/races/store/corrections.ts";
import { createPayouts } from "../../../../functions/races/store/payouts/payouts.ts";
import { checkLedger } from "../../../../tools/ops/ledger/check.ts";
import { stripeClient } from "../../../support/clients/stripe-client.ts";
import { startPayouts } from "../../../support/races/payouts.ts";

let world: Awaited<ReturnType<typeof startPayouts>>;
let cloud: (typeof world)["cloud"];

beforeAll(async () => {
  world = await startPayouts();
  cloud = world.cloud;
});
beforeEach(() => cloud.faults.clear());
afterAll(() => cloud.stop());

const HOUR_MS = 3_600_000;

const onTransfers = (method: string) => ({
  target: "stripe" as const,
  operation: new RegExp(`^${method} /v1/transfers`),
});

/** A payout that Stripe refused, so that its money is back in the wallet. */
async function refusedPayout(user: string) {
  cloud.faults.add({ ...onTransfers("POST"), times: 1, fault: { kind: "fail", code: 400 } });
  const answer = await world.pay(user, "50", { method: "stripe" });
  expect(answer.text).toContain("went back");
  return answer;
}

describe("/payout to a Stripe account", () => {
  test("transfers the money, with the payout's id at Stripe and nothing that identifies the racer", async () => {
    const { user, account } = await world.connectedRacer(5000);
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("on the way");
    expect(world.shop.has({ account })).toBe(5000);
    const [payout] = await world.payouts(user);
    const [made] = world.shop.happened("transfer.created").slice(-1);
    expect(made).toMatchObject({
      id: payout?.get("transfer_id"),
      amount: 5000,
      currency: "usd",
      metadata: { payout_id: payout?.id },
    });
    const stripe = stripeClient(cloud);
    const known = [made, await stripe.accounts.retrieve(account)];
    expect(known).toMatchObject([{ object: "transfer" }, { object: "account" }]);
    expect(JSON.stringify(known)).not.toContain(user);
  });

  test("is refused without an account that accepts money, and with a code", async () => {
    const user = await world.racer(5000);
    const { text } = await world.pay(user, "50", { method: "stripe" });
    expect(text).toContain("no Stripe account");
    const coded = await world.pay(user, "50", { method: "stripe", code: "X" });
    expect(coded.text).toContain("A code goes with");
    expect(await world.left(user)).toBe(5000);
  });

  test("that Stripe refuses is returned to the wallet without a public post, and can be paid in another way at once", async () => {
    const { user, account } = await world.connectedRacer(5000);
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/transfers/,
      fault: { kind: "fail", code: 400 },
    });
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("went back");
    expect(await world.left(user)).toBe(5000);
    expect(world.cashOuts(user)).toEqual([]);
    expect(world.shop.timesNotified(user, "Stripe couldn't send it to your account")).toBe(1);
    cloud.faults.clear();
    expect((await world.pay(user, "50")).text).toContain("Done");
    expect(await world.left(user)).toBe(0);
    expect(world.shop.has({ account })).toBe(0);
  });

  test("to an account that was closed without our knowledge is returned, and the racer reads to open another", async () => {
    const { user, account } = await world.connectedRacer(5000);
    cloud.faults.add({ target: "stripe", operation: /^deliver account/, fault: { kind: "drop" } });
    cloud.stripe.deauthorize(account);
    await cloud.settle();
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("went back");
    expect(await world.left(user)).toBe(5000);
    expect(world.shop.timesNotified(user, "closed or no longer connected")).toBe(1);
    expect((await world.payouts(user))[0]?.get("refusal")).toBe("account");
  });

  test("that Stripe refused is not transferred by a later delivery, even if Stripe would now accept it", async () => {
    const { user, account } = await world.connectedRacer(5000);
    const refused = await refusedPayout(user);
    const again = await world.repeat(refused, user, "50", { method: "stripe" });
    expect(again.text).toBe(refused.text);
    expect(world.shop.has({ account })).toBe(0);
    expect(await world.left(user)).toBe(5000);
  });

  test("waits while C500's balance at Stripe is too low, and is made within an hour once it suffices", async () => {
    const { user, account } = await world.connectedRacer(500_000_00);
    const { text } = await world.pay(user, "500,000", { method: "stripe" });
    expect(text).toContain("too little available at Stripe");
    expect(text).toMatch(/too little by <t:\d+/);
    expect(await world.left(user)).toBe(0);
    const notices = () =>
      world.shop.staffReads().filter((read) => read.includes("waits for funds"));
    expect(notices()).toHaveLength(1);
    const tries = async () => (await world.payouts(user))[0]?.get("funds_tries");
    await cloud.pass(0.75 * HOUR_MS);
    expect(await tries()).toBe(1);
    await cloud.pass(HOUR_MS);
    expect(await tries()).toBe(2);
    expect(world.shop.has({ account })).toBe(0);
    expect(world.cashOuts(user)).toEqual([]);
    expect(world.people.messagesTo(world.staff).filter((dm) => dm.includes(user))).toEqual([]);
    cloud.stripe.topUp(500_000_00);
    await cloud.pass(2 * HOUR_MS);
    expect(world.shop.has({ account })).toBe(500_000_00);
    expect(world.cashOuts(user)).toHaveLength(1);
    expect(notices()).toHaveLength(1);
    expect(world.people.messagesTo(world.staff).filter((dm) => dm.includes(user))).toHaveLength(1);
  });

  test("waits, and the next sweep notifies the operators although their message failed at first", async () => {
    const { user } = await world.connectedRacer(700_000_00);
    const fault = { kind: "fail", code: 403 } as const;
    const operation = /^POST \/channels\/\d+\/messages/;
    cloud.faults.add({ target: "discord", operation, fault, times: 1 });
    await world.pay(user, "700,000", { method: "stripe" });
    const notices = () =>
      world.shop
        .staffReads()
        .filter((read) => read.includes("waits for funds") && read.includes(user));
    expect(notices()).toHaveLength(0);
    await cloud.pass(0.75 * HOUR_MS);
    expect((await world.payouts(user))[0]?.get("funds_tries")).toBe(1);
    expect(notices()).toHaveLength(1);
    cloud.stripe.topUp(700_000_00);
    await cloud.pass(2 * HOUR_MS);
    expect(world.cashOuts(user)).toHaveLength(1);
    expect(notices()).toHaveLength(1);
  });

  test("is returned to the wallet after three days of too low a balance, and the racer is notified", async () => {
    const { user, account } = await world.connectedRacer(900_000_00);
    await world.pay(user, "900,000", { method: "stripe" });
    await cloud.pass(4 * 24 * HOUR_MS);
    expect(await world.left(user)).toBe(900_000_00);
    expect(world.shop.has({ account })).toBe(0);
    expect(world.shop.timesNotified(user, "is in your wallet again")).toBe(1);
    expect(world.people.messagesTo(world.staff).join()).toContain("had too little at Stripe");
  });

  test("is returned while Discord is down, and the racer and the staff member are notified once it is up", async () => {
    const { user } = await world.connectedRacer(900_000_00);
    await world.pay(user, "900,000", { method: "stripe" });
    await cloud.pass(71 * HOUR_MS);
    const fault = { kind: "fail", code: 500 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST \/(channels|users)/, fault });
    await cloud.pass(3 * HOUR_MS);
    expect(await world.left(user)).toBe(900_000_00);
    cloud.faults.clear();
    await cloud.pass(3 * HOUR_MS);
    expect(world.shop.timesNotified(user, "is in your wallet again")).toBe(1);
    expect(world.people.messagesTo(world.staff).filter((dm) => dm.includes(user))).toHaveLength(1);
  });

  test("is made once even if Stripe's response was lost", async () => {
    const { user, account } = await world.connectedRacer(5000);
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/transfers/,
      times: 3,
      fault: { kind: "lose-answer" },
    });
    await world.pay(user, "50", { method: "stripe" });
    await cloud.eventually(() => world.cashOuts(user).length > 0);
    expect(world.shop.has({ account })).toBe(5000);
    expect(await world.left(user)).toBe(0);
  });

  test("that was refused because there was no account stays refused when there is one", async () => {
    const { id: user } = await world.people.builder();
    const account = await world.people.accountOf(user);
    await world.books.earner(user, 5000);
    const state = cloud.firestore.doc(`builders/${user}`);
    const ready = (await state.get()).data() ?? {};
    await state.update({ stripe_account_state: "RESTRICTED" });
    const method = { method: "stripe" };
    const refused = await world.pay(user, "50", method);
    expect(refused.text).toContain("no Stripe account");
    await state.set(ready);
    expect((await world.repeat(refused, user, "50", method)).text).toBe(refused.text);
    expect(await world.left(user)).toBe(5000);
    expect(world.shop.has({ account })).toBe(0);
  });

  test("that succeeded is not returned if our key may not read transfers", async () => {
    const { user, account } = await world.connectedRacer(5000);
    cloud.faults.add({ ...onTransfers("POST"), times: 3, fault: { kind: "lose-answer" } });
    await world.pay(user, "50", { method: "stripe" });
    expect(world.shop.has({ account })).toBe(5000);
    cloud.faults.add({ ...onTransfers("GET"), times: 2, fault: { kind: "fail", code: 403 } });
    await cloud.eventually(() => world.cashOuts(user).length > 0);
    expect(await world.left(user)).toBe(0);
    expect(world.shop.has({ account })).toBe(5000);
  });

  test.each([401, 403])("is not returned if Stripe answers our key with %i", async (code) => {
    const { user, account } = await world.connectedRacer(5000);
    cloud.faults.add({ ...onTransfers("POST"), times: 2, fault: { kind: "fail", code } });
    await world.pay(user, "50", { method: "stripe" });
    await cloud.eventually(() => world.cashOuts(user).length > 0);
    expect(await world.left(user)).toBe(0);
    expect(world.shop.has({ account })).toBe(5000);
  });

  test("that was returned is not made by a later delivery", async () => {
    const { user } = await world.connectedRacer(5000);
    const { interactionId } = await refusedPayout(user);
    const stored = createPayouts(async () => cloud.firestore);
    const after = await stored.finish(interactionId, true, new Date(0));
    expect(after).toMatchObject({ state: "returned", isNotified: undefined });
  });

  test("that was both made and returned is reported once to the operators and the staff member", async () => {
    const { user } = await world.connectedRacer(5000);
    const refused = await refusedPayout(user);
    const stored = createPayouts(async () => cloud.firestore);
    await stored.transferred(refused.interactionId, "tr_both");
    for (const _time of [1, 2]) {
      const { text } = await world.repeat(refused, user, "50", { method: "stripe" });
      expect(text).toContain("Don't pay it again");
    }
    const sent = world.shop.staffReads().filter((text) => text.includes("tr_both"));
    expect(sent).toHaveLength(1);
    expect(sent.join()).toContain("A payout was made twice");
    await cloud.firestore.doc(`payouts/${refused.interactionId}`).update({ transfer_id: null });
  });
});

describe("payouts compared with Stripe", () => {
  const newReads = async () => {
    const before = world.shop.staffReads().length;
    await world.shop.nextSweep();
    return world.shop.staffReads().slice(before).join();
  };

  test("show no difference when all is well", async () => {
    const { user } = await world.connectedRacer(5000);
    await world.pay(user, "50", { method: "stripe" });
    expect(await newReads()).toBe("");
  });

  test("are reported to the operators if the money went both ways, unless the transfer was reversed", async () => {
    const both = await Promise.all([1, 2].map(() => world.connectedRacer(5000)));
    const made: string[] = [];
    for (const { user, account: destination } of both) {
      const { interactionId } = await refusedPayout(user);
      const { id } = await stripeClient(cloud).transfers.create({
        amount: 5000,
        currency: "usd",
        destination,
        metadata: { payout_id: interactionId },
      });
      made.push(id);
    }
    await stripeClient(cloud).transfers.createReversal(made[1] ?? "");
    const read = await newReads();
    expect(read).toContain(`${made[0]}`);
    expect(read).toContain("its money went back into the wallet, and was transferred too");
    expect(read).not.toContain(`${made[1]}`);
  });

  test.each([
    ["an unknown payout", { payout_id: "7" }, "we know no such payout"],
    ["a second transfer", {}, "instead"],
  ])("name %s", async (_what, metadata, words) => {
    const { user, account: destination } = await world.connectedRacer(5000);
    const { interactionId } = await world.pay(user, "50", { method: "stripe" });
    const made = await stripeClient(cloud).transfers.create({
      amount: 5000,
      currency: "usd",
      destination,
      metadata: { payout_id: interactionId, ...metadata },
    });
    const read = await newReads();
    expect(read).toContain(made.id);
    expect(read).toContain(words);
  });

  test("return to the wallet what was reversed by hand, once, however long ago", async () => {
    const { user, account } = await world.connectedRacer(5000);
    await world.pay(user, "50", { method: "stripe" });
    const [payout] = await world.payouts(user);
    const transferId = String(payout?.get("transfer_id"));
    await cloud.pass(24 * HOUR_MS);
    await stripeClient(cloud).transfers.createReversal(transferId);
    for (const _ of [1, 2]) {
      expect(await newReads()).not.toContain(transferId);
      expect(world.shop.timesNotified(user, "The team has reversed the transfer")).toBe(1);
    }
    expect(await world.left(user)).toBe(5000);
    expect(world.shop.has({ account })).toBe(0);
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("on the way");
    expect(world.shop.has({ account })).toBe(5000);
  });

  test("notify the racer of what was reversed by hand, even if Discord was down when it was found", async () => {
    const { user } = await world.connectedRacer(5000);
    await world.pay(user, "50", { method: "stripe" });
    const [payout] = await world.payouts(user);
    const fault = { kind: "fail", code: 500 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST \/(channels|users)/, fault });
    await stripeClient(cloud).transfers.createReversal(String(payout?.get("transfer_id")));
    await world.shop.nextSweep();
    expect(await world.left(user)).toBe(5000);
    cloud.faults.clear();
    await world.shop.nextSweep();
    await world.shop.nextSweep();
    expect(world.shop.timesNotified(user, "The team has reversed the transfer")).toBe(1);
  });

  test("ignore what was reversed by hand if an operator has booked it", async () => {
    const { user } = await world.connectedRacer(5000);
    const { interactionId } = await world.pay(user, "50", { method: "stripe" });
    const [payout] = await world.payouts(user);
    const corrections = createCorrections(async () => cloud.firestore);
    const note = { reason: "Taken back", author: "ops" };
    const at = new Date(cloud.clock.nowMs());
    await corrections.reverse(`payout.${interactionId}`, note, at);
    await stripeClient(cloud).transfers.createReversal(String(payout?.get("transfer_id")));
    await newReads();
    expect(await world.left(user)).toBe(5000);
  });

  test("report transfers that went elsewhere, were reversed in part, or do not exist at Stripe", async () => {
    const [moved, reversed, missing] = await Promise.all(
      [1, 2, 3].map(() => world.connectedRacer(5000)),
    );
    const ids = new Map<string, string>();
    for (const { user } of [moved, reversed, missing].flatMap((each) => each ?? [])) {
      await world.pay(user, "50", { method: "stripe" });
      const [payout] = await world.payouts(user);
      ids.set(user, String(payout?.get("transfer_id")));
    }
    const [payout] = await world.payouts(moved?.user ?? "");
    await payout?.ref.update({ account_id: "acct_other" });
    await stripeClient(cloud).transfers.createReversal(ids.get(reversed?.user ?? "") ?? "", {
      amount: 1000,
    });
    const [lost] = await world.payouts(missing?.user ?? "");
    await lost?.ref.update({ transfer_id: "tr_gone" });
    await cloud.clock.advance(2 * 60_000);
    const found = await newReads();
    expect(found).toContain("not 5000 usd to acct_other");
    expect(found).toContain("reversed by hand");
    expect(found).toContain("tr_gone");
  });
});

describe("a payout that names a transfer", () => {
  test("that Stripe does not have is reported to the operators, even if nothing else is wrong", async () => {
    const user = await world.racer(5000);
    await world.pay(user, "50");
    const [payout] = await world.payouts(user);
    await payout?.ref.update({ transfer_id: "tr_never" });
    await cloud.clock.advance(2 * 60_000);
    const before = world.shop.staffReads().length;
    await world.shop.nextSweep();
    const read = world.shop.staffReads().slice(before).join();
    expect(read).toContain("tr_never");
    expect(read).toContain("Stripe has no such transfer");
  });
});

describe("the books after all of this", () => {
  test("add up", async () => {
    const { flaws } = await checkLedger(cloud.firestore);
    expect(flaws).toEqual([]);
  });
});
