import { fundsDeadline, type Payout } from "../../../../functions/races/domain/payout.ts";
import { community } from "../../../../local/cloud/community.ts";
import { API_VERSION } from "../../../../local/stripe/world.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { countSent } from "../messages.ts";
import { type TypedPayout, trackOf } from "../track.ts";
import { type StoredPayout, storedPayouts } from "./step.ts";

/** A transfer in Stripe's list. */
interface Transfer {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Nobody was paid twice, payouts at Stripe match the ledger, and everyone was notified once. */
export async function checkPayoutsAtRest(stage: Stage): Promise<void> {
  const { typed } = trackOf(stage);
  const payouts = await storedPayouts(stage);
  const transfers = await listTransfers(stage);
  const known = new Set(typed.map(({ id }) => id));
  const strange = payouts.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  mustEqual("Access", "payouts that nobody typed", strange, []);
  for (const payout of payouts) {
    const isDue = payout.state === "open" && !isWaiting(stage, payout);
    mustHold("Liveness", !isDue, () => `payout ${payout.id} is still open`);
    checkBooked(stage, payout);
    checkTransfers(payout, transfers);
    checkMessages(stage, payout);
  }
  const own = new Set(payouts.map(({ id }) => id));
  const alien = transfers.filter(({ metadata }) => !own.has(metadata["payout_id"] ?? ""));
  mustEqual("M3", "transfers at Stripe without a payout", alien, []);
  await checkRefusals(stage, own);
  for (const each of typed) checkAnswer(stage, each, payouts);
  checkAccounts(stage, transfers);
}

/** Whether a transfer is waiting for the platform's funds, which can take days. */
function isWaiting({ cloud }: Stage, payout: Payout): boolean {
  return payout.fundsTries > 0 && cloud.clock.now() < fundsDeadline(payout);
}

/** L5: withdrawn from the wallet once, and put back once if it was returned. */
function checkBooked(stage: Stage, { id, racerId, amount, currency, state }: Payout): void {
  const found = [...trackOf(stage).ledger.postings.values()]
    .filter(
      ({ transactionId, account }) => transactionId.endsWith(`.${id}`) && account !== "payouts",
    )
    .map((posting) => [posting.kind, posting.account, posting.amount, posting.currency]);
  const account = `racer:${racerId}`;
  const back = ["payout-returned", account, amount, currency];
  const expected = [
    ["payout", account, -amount, currency],
    ...(state === "returned" ? [back] : []),
  ];
  mustEqual("L5", `the postings of payout ${id}`, found, expected);
}

/** At most one transfer; none if the money was returned, unless the operators know of it. */
function checkTransfers(payout: Payout, transfers: readonly Transfer[]): void {
  const { id, method, amount, currency, accountId, transferId } = payout;
  const made = transfers
    .filter(({ metadata }) => metadata["payout_id"] === id)
    .map((each) => [each.id, each.amount, each.currency, each.destination]);
  const isMade = method === "stripe" && (payout.state === "done" || transferId !== undefined);
  const expected = isMade ? [[transferId, amount, currency, accountId]] : [];
  mustEqual("M3", `the transfers of payout ${id}, ${payout.state}`, made, expected);
}

/**
 * Whether no sweep did all its work between the last try that found no funds for a payout and its end. If the process
 * died before the operators were notified, there was nothing to notify them of any more.
 */
function isOverBeforeSweep(
  stage: Stage,
  { state, fundsTriedAt, finishedAtMs }: StoredPayout,
): boolean {
  if (state === "open" || !fundsTriedAt || finishedAtMs === undefined) return false;
  const triedAtMs = fundsTriedAt.getTime();
  return !trackOf(stage).sweptAtMs.some((atMs) => atMs > triedAtMs && atMs < finishedAtMs);
}

/** N1. */
function checkMessages(stage: Stage, payout: StoredPayout): void {
  const { id, state, racerId, method, transferId, fundsTries } = payout;
  const { crowd, typed } = trackOf(stage);
  const isDone = state === "done";
  const posts = countSent(stage.discord.messages(community.generalChannelId), `payout:${id}`);
  mustEqual("N1", `how often the channel was notified of payout ${id}`, posts, isDone ? 1 : 0);
  const notices = stage.discord.messages(community.operatorsChannelId);
  const waits = countSent(notices, `payout-waits:${id}`);
  const what = `how often the operators read that payout ${id} waits`;
  if (isOverBeforeSweep(stage, payout)) mustHold("N1", waits <= 1, () => `${what} is ${waits}`);
  else mustEqual("N1", what, waits, fundsTries > 0 ? 1 : 0);
  const isBoth = state === "returned" && transferId !== undefined;
  const twice = countSent(notices, `payout-twice:${id}`);
  mustEqual("N1", `how often the operators were notified of payout ${id}`, twice, isBoth ? 1 : 0);
  const code = typed.find((each) => each.id === id)?.code;
  if (code === undefined || method === "stripe") return;
  const isByDm = isDone && racerId !== crowd.at(-1);
  const dms = countSent(stage.discord.dms(racerId), `payout-code:${id}`);
  mustEqual("N1", `how often the code of payout ${id} was sent`, dms, isByDm ? 1 : 0);
  mustHold("N5", payout.code === undefined, () => `the code of payout ${id} is still stored`);
}

/** L10. */
async function checkRefusals({ database }: Stage, booked: ReadonlySet<string>): Promise<void> {
  const processed = await database.collection("processed").get();
  for (const { id: key } of processed.docs) {
    const [kind, id = ""] = key.split(":");
    const isBoth = kind === "payout-refusal" && booked.has(id);
    mustHold("L10", !isBoth, () => `payout ${id} was refused and made`);
  }
}

/** The staff member's final answer is true. */
function checkAnswer(
  { discord }: Stage,
  { id = "", by }: TypedPayout,
  payouts: readonly Payout[],
): void {
  const state = payouts.find((payout) => payout.id === id)?.state;
  const answer = discord.interaction(id)?.original?.content ?? "";
  const isNotifiedDone = answer.startsWith("Done: ");
  mustHold(
    "N2",
    !isNotifiedDone || state === "done",
    () => `${by} reads that ${id} is done: ${state}`,
  );
  const isNotifiedBack = answer.startsWith("Stripe refused");
  mustHold(
    "N2",
    !isNotifiedBack || state === "returned",
    () => `${by} reads that ${id} was returned: ${state}`,
  );
}

/** Racers' balances at Stripe equal what was transferred to them. */
function checkAccounts({ stripe }: Stage, transfers: readonly Transfer[]): void {
  const { accounts } = stripe.balances();
  const all = new Map<string, number>();
  for (const { destination, currency, amount } of transfers) {
    const key = `${destination} ${currency}`;
    all.set(key, (all.get(key) ?? 0) + amount);
  }
  for (const [account, amounts] of Object.entries(accounts)) {
    for (const [currency, amount] of Object.entries(amounts)) {
      const sent = all.get(`${account} ${currency}`) ?? 0;
      mustEqual("M1", `what ${account} has at Stripe in ${currency}`, amount, sent);
    }
  }
}

async function listTransfers({ cloud, stripe }: Stage): Promise<Transfer[]> {
  const transfers: Transfer[] = [];
  const headers = {
    authorization: `Bearer ${cloud.settings["STRIPE_SECRET_KEY"]}`,
    "stripe-version": API_VERSION,
  };
  for (;;) {
    const query = new URLSearchParams({ limit: "100" });
    const last = transfers.at(-1);
    if (last) query.set("starting_after", last.id);
    const answer = await cloud.fetch(`${stripe.url}/v1/transfers?${query}`, { headers });
    if (!answer.ok) throw new Error(`Stripe does not list transfers: ${await answer.text()}`);
    const page = (await answer.json()) as { data: Transfer[]; has_more: boolean };
    transfers.push(...page.data);
    if (!page.has_more) return transfers;
  }
}
