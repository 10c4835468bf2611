import { createLedger } from "../../../shared/money/ledger-store.ts";
import { type Options, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { lookAtWallet } from "./hosting.ts";
import { trackOf } from "./track.ts";

/** Staff's payouts, changes of racers' accounts, and their weights. */
export const payingActions: readonly Action[] = [
  { name: "pay out", weight: 8, kind: "paying out", perform: payOut },
  { name: "pay out in several ways at once", weight: 4, kind: "paying out", perform: payOutAtOnce },
  { name: "retype a payout", weight: 6, perform: retype },
  { name: "pay out someone who leaves", weight: 2, perform: payOutLeaver },
  { name: "Stripe stops an account", weight: 1, perform: stopAccount },
  { name: "Stripe lets an account go on", weight: 1, perform: reactivateAccount },
  { name: "look at a wallet", weight: 2, perform: lookAtWallet },
];

/** Types `/payout`, as staff or not. Resolves when it is answered or has failed. */
export async function typePayout(stage: Stage, by: string, options: Options): Promise<void> {
  const { amount, user, currency = "usd", code } = options;
  const what = `${amount ?? "all"} ${currency}`;
  const typed = {
    id: undefined as string | undefined,
    by,
    racer: String(user),
    options,
    what,
    code: code === undefined ? undefined : String(code),
  };
  trackOf(stage).typed.push(typed);
  typed.id = (await useCommand(stage, by, "payout", options)).id;
}

/** A racer and their balance in one currency, preferably one that can be paid out. */
async function drawWallet(stage: Stage, pick: Pick) {
  const ledger = createLedger(async () => stage.database);
  const now = stage.cloud.clock.now();
  const wallets = await stage.withoutFaults(() =>
    Promise.all(
      trackOf(stage).crowd.map(async (user) => {
        const balances = await ledger.balances(`racer:${user}`, now);
        return balances.map(({ available, currency }) => ({ user, available, currency }));
      }),
    ),
  );
  const all = wallets.flat().filter(({ available }) => available > 0);
  const rich = all.filter(({ available }) => available >= ENOUGH);
  return pick([...rich, ...rich, ...rich, ...all]);
}

/** The minimum payout, in dollars. */
const ENOUGH = 2000;

/** Chooses somebody's money and a possible method. */
async function drawPayout(stage: Stage, pick: Pick): Promise<(share: number) => Options> {
  const { accounts } = trackOf(stage);
  const { user, available, currency } = await drawWallet(stage, pick);
  return (share) => {
    const amount = textOf(Math.ceil(available * share), currency);
    const isToStripe = accounts.has(user) ? pick([true, true, false]) : pick(RARELY);
    if (isToStripe) return { user, amount, currency, method: "stripe" };
    const method = pick(["store-credit", "gift-card"]);
    const code = `CODE-${1000 + trackOf(stage).typed.length}-${pick(DIGITS)}${pick(DIGITS)}`;
    return { user, amount, currency, method, ...(pick([true, true, false]) && { code }) };
  };
}

/** A payout without an account is refused. */
const RARELY = [true, ...Array<boolean>(9).fill(false)];
const DIGITS = [..."0123456789"];

async function payOut(stage: Stage, pick: Pick): Promise<void> {
  const options = (await drawPayout(stage, pick))(pick([1, 0.5, 0.4, 1.01]));
  await typePayout(stage, pick(trackOf(stage).staff), options);
}

/** Includes one typed twice, and more than is available. */
async function payOutAtOnce(stage: Stage, pick: Pick): Promise<void> {
  const { staff } = trackOf(stage);
  const draw = await drawPayout(stage, pick);
  const same = draw(pick([0.3, 0.5]));
  const orders = [same, same, draw(0.6), draw(1)];
  await Promise.all(orders.map((options) => typePayout(stage, pick(staff), options)));
}

/** Repeats a recent payout, whatever its outcome, by the same or another staff member. */
async function retype(stage: Stage, pick: Pick): Promise<void> {
  const { staff, typed } = trackOf(stage);
  const { by, options } = pick(typed.slice(-LATELY).filter((each) => staff.includes(each.by)));
  const { code, ...same } = options;
  await typePayout(stage, pick([by, by, pick(staff)]), code === undefined ? same : options);
}

const LATELY = 4;

async function payOutLeaver(stage: Stage, pick: Pick): Promise<void> {
  const { staff } = trackOf(stage);
  const { user, currency } = await drawWallet(stage, pick);
  const options = { user, currency, leaver: true, method: pick(["store-credit", "stripe"]) };
  await typePayout(stage, pick(staff), options);
}

function stopAccount(stage: Stage, pick: Pick): void {
  const account = pick([...trackOf(stage).accounts.values()]);
  stage.stripe.restrict(account);
}

function reactivateAccount(stage: Stage, pick: Pick): void {
  stage.stripe.completeOnboarding(pick([...trackOf(stage).accounts.values()]));
}

function textOf(amount: number, currency: string): string {
  return currency === "jpy" ? String(amount) : (amount / 100).toFixed(2);
}
