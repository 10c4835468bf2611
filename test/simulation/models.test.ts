import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { checkMessages } from "../../simulation/models/message-order.ts";
import { replayLedger } from "../../simulation/replay/ledger.ts";
import { replayOrders } from "../../simulation/replay/orders.ts";
import type { Entry, Fields } from "../../simulation/replay/record.ts";
import { replay } from "../../simulation/scenarios/auction/replay.ts";
import { altered, changesOf, without } from "../support/traces/altered-traces.ts";
import {
  BIDS,
  entriesOf,
  PAID_ORDER,
  RACED_SALE,
  stageOf,
} from "../support/traces/money-traces.ts";

const MODELS = new URL("../../simulation/models/", import.meta.url);
const RULES = new URL("../../simulation/rules.ts", import.meta.url);

describe("the model of an order", () => {
  test("accepts an order that is paid, sent to its builder and refunded in part", () => {
    const { known } = replayOrders(entriesOf(PAID_ORDER));
    expect(known.orders.get("1")).toMatchObject({ status: "paid", refunded: 400 });
    expect(known.books.cashOf("acct_1", "usd")).toBe(570);
    expect(known.books.cashOf("platform", "usd")).toBe(30);
  });

  test("refuses an order that is paid without a charge", () => {
    const trace = without(entriesOf(PAID_ORDER), "charge.succeeded");
    expect(() => replayOrders(trace)).toThrow(
      "M5: order 1 went from reserved to paid, but it is not true that its charge is paid and its money held",
    );
  });

  test("refuses a builder's part that is a cent too high", () => {
    const trace = altered(entriesOf(PAID_ORDER), "orders/1", (fields) => {
      const { sending } = (fields["transfer"] ?? {}) as { sending?: Fields | null };
      if (!sending) return fields;
      const more = { ids: [], gross: 951, netted: 0, taken_back: 0 };
      return { ...fields, transfer: { ...more, sending: { ...sending, gross: 951 } } };
    });
    expect(() => replayOrders(trace)).toThrow(
      "M3: the amount decided for the builder of order 1 is 951, not 950",
    );
  });

  test("refuses a release while a dispute is open", () => {
    const dispute = { id: "du_1", charge: "ch_1", currency: "usd", status: "needs_response" };
    const opened: Entry = {
      kind: "stripe",
      event: {
        type: "charge.dispute.created",
        data: { object: { ...dispute, balance_transactions: [] } },
      },
    };
    const [reserved, charged, ...rest] = entriesOf(PAID_ORDER);
    if (!reserved || !charged) throw new Error("The order is not paid.");
    const known = { id: "du_1", outcome: "open", withdrawn: 0 };
    const trace = altered([reserved, charged, opened, ...rest], "orders/1", (fields) =>
      fields["hold"] === undefined ? fields : { ...fields, disputes: [known] },
    );
    expect(() => replayOrders(trace)).toThrow(
      "M4: order 1, held, is released while a dispute is open",
    );
  });

  test("refuses a refund that Stripe made before the builder's share was requested back", () => {
    const trace = entriesOf(PAID_ORDER).filter(
      (entry) => !changesOf(entry).some(({ after }) => after?.["reversals"] === 1),
    );
    expect(() => replayOrders(without(trace, "transfer.reversed"))).toThrow(
      "M7: refund re_1, 400 of order 1, was made before the builder's share was requested back",
    );
  });

  test("refuses a debt that is settled without money", () => {
    const trace = altered(entriesOf(PAID_ORDER), "builders/2/debts/1.9", (fields) =>
      fields["settled"] === 380 ? { ...fields, reversed: 0 } : fields,
    );
    expect(() => replayOrders(trace)).toThrow(
      "M7: the newly settled amount of debt 1.9 is 380, not 0",
    );
  });
});

test("the model of an order refuses a receipt of another amount, or to somebody else", () => {
  const { known } = replayOrders(entriesOf(PAID_ORDER));
  const text = (paid: string) =>
    `Thank you! ${JSON.stringify([
      { name: "Paid", value: paid, inline: true },
      { name: "Order", value: "`1`", inline: true },
    ])}`;
  const back = "💌 $4.00 of your order for **A weight** (`1`) is on the way back to you.";
  checkMessages(
    [text("$10.00"), back].map((each) => ({ user: "3", text: each })),
    known,
  );
  expect(() => checkMessages([{ user: "3", text: text("$9.50") }], known)).toThrow(
    'N5: the receipt of order 1 is "$9.50", not "$10.00"',
  );
  expect(() => checkMessages([{ user: "4", text: back }], known)).toThrow(
    'N5: the recipient for order 1 is "4", not "3"',
  );
});

describe("the model of the ledger", () => {
  test("accepts a sale that is shared by a race, refunded in part and paid out", () => {
    const ledger = replayLedger(entriesOf(RACED_SALE));
    const balances = [...ledger.wallets()].map(([key, { balance }]) => [key, balance]);
    expect(Object.fromEntries(balances)).toMatchObject({
      "platform usd": 301,
      "racer:a usd": 150,
      "racer:b usd": 1,
      "payouts usd": 149,
    });
  });

  test("refuses a share for someone who had left", () => {
    const trace = altered(entriesOf(RACED_SALE), "lobbies/7", (fields) => {
      const [one, other] = fields["intervals"] as Fields[];
      return {
        ...fields,
        intervals: [one, { ...other, left_at: Number(fields["opened_at"]) + 1 }],
      };
    });
    expect(() => replayLedger(trace)).toThrow(/^W5: the leaving of b as number 1 of 7 is /);
  });

  test("refuses a cent that is lost by rounding", () => {
    const trace = altered(entriesOf(RACED_SALE), "ledger/sale.kofi:1/postings/2", (fields) => ({
      ...fields,
      amount: 249,
    }));
    expect(() => replayLedger(trace)).toThrow("L1: the sum of sale.kofi:1 is -1, not 0");
  });

  test("refuses a cent that went to the platform instead of a racer", () => {
    const lessForRacer = altered(
      entriesOf(RACED_SALE),
      "ledger/sale.kofi:1/postings/1",
      (fields) => ({
        ...fields,
        amount: 502,
      }),
    );
    const trace = altered(lessForRacer, "ledger/sale.kofi:1/postings/2", (fields) => ({
      ...fields,
      amount: 249,
    }));
    expect(() => replayLedger(trace)).toThrow(/^W1: what sale.kofi:1 gives to each account is /);
  });

  test("refuses a payout that takes more than the balance", () => {
    const trace = entriesOf(RACED_SALE).filter(
      (entry) => !changesOf(entry).some(({ path }) => path.startsWith("ledger/sale.")),
    );
    expect(() => replayLedger(trace)).toThrow(/refunds a sale that is not booked$/);
    const untaken = trace.filter(
      (entry) => !changesOf(entry).some(({ path }) => path.startsWith("ledger/refund.")),
    );
    expect(() => replayLedger(untaken)).toThrow("L8: payout 5 takes 149 of 0");
  });
});

describe("the model of an auction", () => {
  test("accepts two competing ceilings", () => {
    const { now } = replay(stageOf(), BIDS);
    expect(now).toMatchObject({ price: 4_200, bids: 2 });
  });

  test("refuses a bid below the next step", () => {
    const [first, second] = BIDS.record;
    if (!first || !second) throw new Error("There are no bids.");
    const record = [first, { ...second, amount: 2_050, max: 0 }];
    expect(() => replay(stageOf(), { ...BIDS, record })).toThrow(
      "A2: bid 2 of auction 3 was accepted although it is too-low",
    );
  });

  test("refuses a bid after the end", () => {
    const [first, second] = BIDS.record;
    if (!first || !second) throw new Error("There are no bids.");
    const late = { ...second, atMs: BIDS.durationMs + (BIDS.openedAtMs ?? 0) };
    expect(() => replay(stageOf(), { ...BIDS, record: [first, late] })).toThrow(
      "A3: bid 2 of auction 3 was accepted after the end",
    );
  });

  test.each([
    ["accepts that", "b", 3, 2_000],
    ["refuses a wrong price once", "b", 3, 4_200],
    ["refuses a wrong leader once", "c", 3, 2_000],
  ])("%s the leader's bids are removed", (outcome, leader, sequence, price) => {
    const second = BIDS.record[1];
    if (!second) throw new Error("There is no second bid.");
    const state = { price, leader, ceiling: 4_000, atMs: second.atMs + 5_000 };
    const removal = { ...second, ...state, kind: "removal", sequence, bidId: "3", bidder: "a" };
    const run = () => replay(stageOf(), { ...BIDS, record: [...BIDS.record, removal] });
    if (outcome === "accepts that") expect(run().now).toMatchObject({ price: 2_000, bids: 2 });
    else expect(run).toThrow("A16: the auction after bid 3 of auction 3");
  });

  test("refuses the removal of bids of somebody who has none", () => {
    const second = BIDS.record[1];
    if (!second) throw new Error("There is no second bid.");
    const removal = { ...second, kind: "removal", sequence: 3, bidId: "3", bidder: "c" };
    expect(() => replay(stageOf(), { ...BIDS, record: [...BIDS.record, removal] })).toThrow("A16:");
  });
});

test("no model uses code of the product", () => {
  const files = readdirSync(MODELS, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((each) => each.endsWith(".ts"))) {
    const place = new URL(file, MODELS);
    const imported = [...readFileSync(place, "utf8").matchAll(/from "([^"]+)"/g)];
    const strange = imported
      .map(([, from = ""]) => new URL(from, place).href)
      .filter((from) => !from.startsWith(MODELS.href) && from !== RULES.href);
    expect([file, strange]).toEqual([file, []]);
  }
  expect(files.length).toBeGreaterThan(10);
});
