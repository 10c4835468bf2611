import type { StripeEvent } from "../../../simulation/models/stripe-books.ts";
import type { Entry, Fields, StoredChange } from "../../../simulation/replay/record.ts";
import type { ShopFact } from "../../../simulation/replay/shop-facts.ts";
import type { StoredAuction } from "../../../simulation/scenarios/auction/books.ts";
import type { Stage } from "../../../simulation/stage.ts";

/** A step of a handmade trace: an event of Stripe's, a fact that a shop knows, or documents stored at once. */
type Step =
  | { readonly event: string; readonly object: object; readonly before?: object }
  | { readonly seen: ShopFact }
  | { readonly store: Readonly<Record<string, Fields>> };

const T_MS = Date.UTC(2026, 5, 1, 12);

/** The entries of a trace as a run would have recorded them; for an existing document only its changes are given. */
export function entriesOf(steps: readonly Step[]): Entry[] {
  const stored = new Map<string, Fields>();
  return steps.map((step, index): Entry => {
    if ("seen" in step) return { kind: "seen", seen: step.seen };
    if ("event" in step) {
      const { event: type, object, before } = step;
      const data = { object, ...(before && { previous_attributes: before }) };
      return { kind: "stripe", event: { type, data } satisfies StripeEvent };
    }
    const changes = Object.entries(step.store).map(([path, fields]): StoredChange => {
      const before = stored.get(path);
      const after = { ...before, ...fields };
      stored.set(path, after);
      return { path, before, after };
    });
    return { kind: "commit", atMs: T_MS + index * 1_000, changes: () => changes };
  });
}

const NEW_ORDER = {
  buyer_id: "3",
  builder_id: "2",
  fulfillment_status: "reserved",
  plan: "split",
  amount: 1_000,
  fee: 50,
  currency: "usd",
  refund_requested: 0,
  refunded: 0,
};
const CHARGE = {
  id: "ch_1",
  payment_intent: "pi_1",
  amount: 1_000,
  currency: "usd",
  balance_transaction: "txn_1",
  metadata: { order_id: "1" },
};
const SENT = { ids: ["tr_1"], gross: 950, netted: 0, taken_back: 0, sending: null };
const SENDING = { account_id: "acct_1", gross: 950, netted: 0, netted_debts: [] };
const TRANSFER = {
  id: "tr_1",
  amount: 950,
  currency: "usd",
  destination: "acct_1",
  metadata: { order_id: "1", attempt: "1" },
  amount_reversed: 0,
};
const REVERSAL = { id: "trr_1", metadata: { cause_id: "1.9:1" } };
const REFUND = {
  id: "re_1",
  charge: "ch_1",
  amount: 400,
  currency: "usd",
  balance_transaction: "txn_2",
  metadata: { order_id: "1", refund_id: "9" },
};
const DECIDED = { kind: "refund", amount: 400, state: "requested" };
const DEBT = { order_id: "1", amount: 380, settled: 0, reversed: 0, reversals: 0, reversing: null };

/** An order of 10.00 that is paid and transferred to its builder; then 4.00 is refunded, after the builder's part. */
export const PAID_ORDER: readonly Step[] = [
  { store: { "orders/1": NEW_ORDER } },
  { event: "charge.succeeded", object: CHARGE },
  {
    store: {
      "orders/1": {
        fulfillment_status: "paid",
        hold: "held",
        paid_at: T_MS,
        payment_intent_id: "pi_1",
        charge_id: "ch_1",
      },
    },
  },
  {
    store: { "orders/1": { hold: "releasing", transfer: { ...SENT, ids: [], sending: SENDING } } },
  },
  { event: "transfer.created", object: TRANSFER },
  { store: { "orders/1": { hold: "released", release_attempt: 2, transfer: SENT } } },
  {
    store: {
      "orders/1": {
        refund_requested: 400,
        open_refunds: ["9"],
        transfer: { ...SENT, taken_back: 380 },
      },
      "orders/1/refunds/9": DECIDED,
      "builders/2/debts/1.9": DEBT,
    },
  },
  { store: { "builders/2/debts/1.9": { reversals: 1, reversing: 380 } } },
  {
    event: "transfer.reversed",
    object: { ...TRANSFER, amount_reversed: 380, reversals: { data: [REVERSAL] } },
    before: { amount_reversed: 0 },
  },
  { store: { "builders/2/debts/1.9": { reversing: null, reversed: 380, settled: 380 } } },
  { event: "refund.created", object: REFUND },
  {
    store: {
      "orders/1": { refunded: 400, open_refunds: [] },
      "orders/1/refunds/9": { state: "made" },
    },
  },
];

const SALE = { id: "kofi:1", provider: "kofi", base: 1_001, paid: 1_001, currency: "usd" };
const NO_CHARGE = { named: undefined, chargeId: undefined };
const OPEN_RACE = {
  rate_bps: 5_000,
  opened_at: T_MS,
  closes_at: T_MS + 3_600_000,
  closed_at: null,
  intervals: [
    { racer_id: "a", joined_at: T_MS, left_at: null },
    { racer_id: "b", joined_at: T_MS, left_at: null },
  ],
};

/** Two racers share half of 10.01; 4.00 is refunded, and one of them is paid. */
export const RACED_SALE: readonly Step[] = [
  { store: { "lobbies/7": OPEN_RACE } },
  { seen: { what: "sold", sale: { ...SALE, ...NO_CHARGE, soldAtMs: T_MS + 10_000 } } },
  {
    store: posted("sale.kofi:1", "sale", {
      "sales:kofi": -1_001,
      platform: 501,
      "racer:a": 250,
      "racer:b": 250,
    }),
  },
  { seen: { what: "back", saleId: "kofi:1", amount: 400 } },
  {
    store: posted("refund.kofi:1.r.400", "refund", {
      "clawbacks:kofi": 400,
      platform: -200,
      "racer:a": -100,
      "racer:b": -100,
    }),
  },
  { seen: { what: "typed", payoutId: "5" } },
  {
    store: {
      "payouts/5": {
        racer_id: "b",
        amount: 149,
        currency: "usd",
        method: "gift-card",
        state: "open",
      },
      ...posted("payout.5", "payout", { "racer:b": -149, payouts: 149 }),
    },
  },
];

function posted(id: string, kind: string, sums: Readonly<Record<string, number>>) {
  const isOfSale = kind !== "payout";
  const shared = { kind, currency: "usd", sale_id: isOfSale ? "kofi:1" : null };
  const lines = Object.entries(sums).map(([account, amount], index) => [
    `ledger/${id}/postings/${index}`,
    {
      ...shared,
      account,
      amount,
      available_at: T_MS,
      lobby_id: isOfSale && account.startsWith("racer:") ? "7" : null,
    },
  ]);
  return { [`ledger/${id}`]: shared, ...Object.fromEntries(lines) } as Record<string, Fields>;
}

/** A stage on which nothing was lost. */
export function stageOf(): Stage {
  const memory = new Map([["auction log", { losses: [] }]]);
  return { memory, swarm: { kinds: new Set() } } as unknown as Stage;
}

const BID = { path: "", kind: "bid", endsAtMs: T_MS + 3_600_000 };

/** An auction with two bids, the second of which loses against a ceiling. */
export const BIDS: StoredAuction = {
  id: "3",
  state: "live",
  seller: "2",
  startPrice: 2_000,
  reserve: 0,
  increment: undefined,
  durationMs: 3_600_000,
  counterBidMs: 0,
  openedAtMs: T_MS,
  endsAtMs: T_MS + 3_600_000,
  latestEndMs: undefined,
  sequence: 2,
  price: 4_200,
  leader: "a",
  bids: 2,
  boards: [],
  isSettling: false,
  isReserveWaived: false,
  runnersUp: [],
  claim: undefined,
  record: [
    {
      ...BID,
      sequence: 1,
      bidId: "1",
      bidder: "a",
      amount: 2_000,
      max: 10_000,
      atMs: T_MS + 1_000,
      price: 2_000,
      leader: "a",
      ceiling: 10_000,
      bids: 1,
    },
    {
      ...BID,
      sequence: 2,
      bidId: "2",
      bidder: "b",
      amount: 4_000,
      max: 0,
      atMs: T_MS + 9_000,
      price: 4_200,
      leader: "a",
      ceiling: 10_000,
      bids: 2,
    },
  ],
};
