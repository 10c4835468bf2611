import { createHash } from "node:crypto";
import type { QueryDocumentSnapshot } from "@google-cloud/firestore";
import { expect } from "@jest/globals";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import { toPosting } from "../../shared/store/ledger.ts";
import { toLobby } from "../../shared/store/lobby-document.ts";
import { toPayout } from "../../shared/store/payouts.ts";
import { checkLedger } from "../../tools/ops/ledger-check.ts";
import { dealOut } from "../race/race-model.ts";
import { community, type TestCloud } from "../support/cloud.ts";
import { stripeClient } from "../support/stripe-client.ts";
import { isForgotten, type Said, withoutForgotten } from "./copies.ts";
import { type Evening, look } from "./race-evening.ts";
import type { Sold } from "./race-market.ts";

/**
 * Who dies between sending and writing that down, and is tried again only after Discord's memory of a
 * few minutes, says it twice. That is rare: more in one evening are a defect.
 */
const MOST_FORGOTTEN = 1;
/** The least that is paid out. */
const THRESHOLD = 2000;

/** Holds at every moment: the books have no flaw, whatever is half way. */
export async function checkMoment({ cloud }: Evening): Promise<void> {
  const { flaws } = await look(() => checkLedger(adaptFirestore(cloud.firestore)));
  expect(flaws).toEqual([]);
}

/** In the end nothing waits: no message, no task, no payout, no window, no letter to the operators. */
export async function checkNothingWaits({ cloud }: Evening): Promise<void> {
  const { firestore, clock } = cloud;
  const letters = await firestore.collection("dead_letters").get();
  expect(letters.docs.map((letter) => [letter.get("function_name"), letter.get("reason")])).toEqual(
    [],
  );
  const waiting = await firestore.collection("waiting_refunds").get();
  expect(waiting.docs.map(({ id }) => id)).toEqual([]);
  const open = await firestore.collection("payouts").where("state", "==", "open").get();
  expect(open.docs.map(({ id }) => id)).toEqual([]);
  for (const lobby of await lobbiesOf(cloud)) {
    const { id, state, closesAt, isBoardDue } = lobby;
    const isLate = state === "racing" && closesAt !== undefined && closesAt <= clock.now();
    expect({ id, isLate, isBoardDue }).toEqual({ id, isLate: false, isBoardDue: false });
  }
}

/** In the end every sale that a shop was thanked for, and what went back of it, is booked once. */
export async function checkSales({ cloud, market }: Evening): Promise<void> {
  for (const topic of ["orders/paid", "refunds/create"]) {
    expect({ topic, isHeard: cloud.shops.shopify.isSubscribed(topic) }).toMatchObject({
      isHeard: true,
    });
  }
  const booked = await cloud.firestore.collection("sales").get();
  const sales = new Map(booked.docs.map((sale) => [sale.id, sale]));
  const counted = market.sold.filter((sold) => isCounted(cloud, sold, sales.has(sold.id)));
  expect([...sales.keys()].sort()).toEqual(counted.map(({ id }) => id).sort());
  for (const sold of counted) {
    const { id, base, currency, soldAtMs } = sold;
    const sale = sales.get(id);
    const stored = { base: sale?.get("base"), currency: sale?.get("currency") };
    const soldAt = sale?.get("sold_at").toMillis();
    expect({ id, ...stored, soldAt, refunded: sale?.get("refunded") }).toEqual({
      ...{ id, base, currency, soldAt: soldAtMs, refunded: takenOf(sold) },
    });
  }
}

/** Ko-fi gives up after some tries: what it was never thanked for may be booked or not. */
function isCounted({ shops }: TestCloud, { messageId }: Sold, isBooked: boolean): boolean {
  if (messageId === undefined) return true;
  const tries = shops.attempts().filter(({ id }) => id === messageId);
  const isThanked = tries.some(({ result }) => typeof result === "number" && result < 300);
  return isThanked || isBooked;
}

/** What of a sale's items has gone back, by the shop's own rules. */
function takenOf({ provider, base, paid, refunded, dispute }: Sold): number {
  if (provider !== "stripe") return refunded;
  if (dispute?.state === "lost" || refunded === paid) return base;
  return Number((BigInt(base) * BigInt(refunded)) / BigInt(paid));
}

/** In the end each racer has earned what the recorded windows and rosters say, and no cent else. */
export async function checkEarnings({ cloud, market }: Evening): Promise<void> {
  const lobbies = (await lobbiesOf(cloud)).sort((one, other) => (one.id < other.id ? -1 : 1));
  const booked = new Set(
    (await cloud.firestore.collection("sales").get()).docs.map(({ id }) => id),
  );
  const expected = new Map<string, number>();
  const add = (account: string, currency: string, amount: number) =>
    expected.set(`${account} ${currency}`, (expected.get(`${account} ${currency}`) ?? 0) + amount);
  for (const sold of market.sold.filter(({ id }) => booked.has(id))) {
    const { id, base, currency, provider, named, soldAtMs } = sold;
    const taken = takenOf(sold);
    const open = lobbies.filter(({ openedAt, closedAt, closesAt }) =>
      isWithin(soldAtMs, openedAt, closedAt ?? closesAt),
    );
    // A lobby whose window is not open counts as none named.
    const isNamed = open.some((lobby) => lobby.id === named);
    const windows = open
      .filter((lobby) => !isNamed || lobby.id === named)
      .map(({ rateBps: rate, stints }) => ({
        rate,
        racers: stints
          .filter(({ joinedAt, leftAt }) => isWithin(soldAtMs, joinedAt, leftAt))
          .map(({ racerId }) => racerId)
          .sort(),
      }))
      .filter(({ racers }) => racers.length > (isNamed ? 0 : 1));
    const { house, shares } = dealOut(id, base - taken, windows);
    add(`sales:${provider}`, currency, -base);
    add(`clawbacks:${provider}`, currency, taken);
    add("house", currency, house);
    for (const [racer, amount] of shares) add(`racer:${racer}`, currency, amount);
  }
  const earned = new Map<string, number>();
  for (const posting of await postingsOf(cloud)) {
    const { account, currency, amount, kind } = toPosting(posting.ref.path, posting.data());
    if (kind !== "sale" && kind !== "refund") continue;
    const key = `${account} ${currency}`;
    earned.set(key, (earned.get(key) ?? 0) + amount);
  }
  expect(sumsOf(earned)).toEqual(sumsOf(expected));
}

function isWithin(ms: number, from: Date | undefined, until: Date | undefined): boolean {
  return from !== undefined && from.getTime() <= ms && (!until || ms < until.getTime());
}

function sumsOf(sums: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0).sort());
}

/** Nobody raced twice at a time, or without a seat. */
export async function checkRosters({ cloud }: Evening): Promise<void> {
  for (const { id, seats, stints } of await lobbiesOf(cloud)) {
    for (const { joinedAt } of stints) {
      const racers = stints
        .filter((stint) => isWithin(joinedAt.getTime(), stint.joinedAt, stint.leftAt))
        .map(({ racerId }) => racerId);
      expect({ id, isWithin: racers.length <= seats }).toEqual({ id, isWithin: true });
      expect({ id, twice: new Set(racers).size < racers.length }).toEqual({ id, twice: false });
    }
  }
}

/**
 * The ledger was only ever added to; and going through it as it was written, no payout took more than
 * could be paid out of that wallet then.
 */
export async function checkNoOverspending({ cloud }: Evening): Promise<void> {
  const written = (await postingsOf(cloud)).sort((one, other) => orderOf(one) - orderOf(other));
  const before: ReturnType<typeof toPosting>[] = [];
  for (const document of written) {
    expect(document.updateTime.isEqual(document.createTime)).toBe(true);
    const posting = toPosting(document.ref.path, document.data());
    const { account, currency, kind, at } = posting;
    if (kind === "payout" && account !== "payouts") {
      const available = before
        .filter((other) => other.account === account && other.currency === currency)
        .filter(({ availableAt }) => availableAt <= at)
        .reduce((sum, { amount }) => sum + amount, 0);
      const { transactionId, amount } = posting;
      const isCovered = -amount >= THRESHOLD && -amount <= available;
      expect({ transactionId, amount, available, isCovered }).toMatchObject({ isCovered: true });
    }
    before.push(posting);
  }
}

/** Microseconds, in which two commits never have the same. */
function orderOf({ createTime }: QueryDocumentSnapshot): number {
  return createTime.seconds * 1_000_000 + Math.floor(createTime.nanoseconds / 1000);
}

/** In the end every payout that was made was told once, and its code or money has gone out once. */
export async function checkPayouts(evening: Evening): Promise<void> {
  const { cloud, asked, accounts, people } = evening;
  const transfers = await stripeClient(cloud)
    .transfers.list({ limit: 100 })
    .autoPagingToArray({ limit: 1000 });
  const payouts = (await cloud.firestore.collection("payouts").get()).docs.map(toPayout);
  const posts = cloud.discord.messages(community.generalChannelId);
  for (const { id, racer, code } of asked) {
    const payout = payouts.find((made) => made.id === id);
    const isDone = payout?.state === "done";
    const told = nonces(posts, `payout:${id}`);
    expect({ id, told }).toEqual({ id, told: isDone ? 1 : 0 });
    const answer = answered(evening, id);
    if (answer.includes("Done: ")) expect({ id, isDone }).toEqual({ id, isDone: true });
    const made = transfers.filter(({ metadata }) => metadata["payout_id"] === id);
    expect({ id, made: made.map((each) => [each.id, each.amount, each.destination]) }).toEqual({
      id,
      made:
        isDone && payout.method === "stripe"
          ? [[payout.transferId, payout.amount, accounts.get(racer)]]
          : [],
    });
    if (code === undefined) continue;
    const isByDm = isDone && racer !== evening.crowd.at(-1);
    const sent = nonces(cloud.discord.dms(racer), `payout-code:${id}`);
    expect({ id, sent }).toEqual({ id, sent: isByDm ? 1 : 0 });
    expect(people.told(racer).some((text) => text.includes(code))).toBe(isByDm);
    expect(cloud.logLines.join("\n")).not.toContain(code);
    expect(payout?.code).toBe(undefined);
  }
  const known = new Set(asked.map(({ id }) => id));
  expect(payouts.filter(({ id }) => !known.has(id))).toEqual([]);
}

/** What a staff member has read of a payout, in whichever way it came. */
function answered({ cloud }: Evening, id: string): string {
  return cloud.discord.interaction(id)?.original?.content ?? "";
}

/** How many messages there are of a send, but for those that Discord had forgotten. */
function nonces(said: readonly Said[], key: string): number {
  const nonce = createHash("sha256").update(key).digest("base64url").slice(0, 25);
  return withoutForgotten(said.filter((message) => message.nonce === nonce)).length;
}

/** In the end everything was said once: no message has a copy. */
export function checkMessages({ cloud, staff, crowd, channels }: Evening): void {
  const said = [
    ...channels.flatMap((channel) => cloud.discord.messages(channel)),
    ...[...staff, ...crowd].flatMap((user) => cloud.discord.dms(user)),
    ...cloud.discord.messages(community.operatorsChannelId),
  ].filter(({ nonce }) => nonce);
  const copies = said.filter((copy) => said.some((other) => isEarlier(other, copy)));
  const unexcused = copies.filter((copy) => !said.some((other) => isForgotten(copy, other)));
  expect(unexcused.map(({ content, embeds }) => [content, embeds])).toEqual([]);
  expect(copies.length).toBeLessThanOrEqual(MOST_FORGOTTEN);
}

function isEarlier(other: Said, copy: Said): boolean {
  return other.nonce === copy.nonce && BigInt(other.id) < BigInt(copy.id);
}

async function lobbiesOf({ firestore }: TestCloud): Promise<ReturnType<typeof toLobby>[]> {
  return (await firestore.collection("lobbies").get()).docs.map(toLobby);
}

async function postingsOf({ firestore }: TestCloud): Promise<QueryDocumentSnapshot[]> {
  return (await firestore.collectionGroup("postings").get()).docs;
}
