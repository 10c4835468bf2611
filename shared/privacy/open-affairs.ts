import { racerAccount } from "../domain/ledger.ts";
import { formatMoney } from "../domain/money.ts";
import type { OpenAffair } from "../domain/open-affair.ts";
import { leastPayout } from "../domain/payout.ts";
import type { Deps } from "../runtime/deps.ts";

/** What looking for open affairs needs. */
export type OpenAffairsDeps = Pick<Deps, "personalData" | "ledger" | "debts" | "clock" | "config">;
type BalanceDeps = Pick<OpenAffairsDeps, "ledger" | "clock">;
type Balance = Awaited<ReturnType<OpenAffairsDeps["ledger"]["balances"]>>[number];

/**
 * Everything that keeps someone from being forgotten now. Money that could be paid out to them is; less
 * than is ever paid out is not, nor what they are below zero: there is no way to pay it. Reads only.
 */
export async function openAffairs(userId: string, deps: OpenAffairsDeps): Promise<OpenAffair[]> {
  const { personalData, clock } = deps;
  const { orders, auctions, races, traces } = personalData;
  const now = clock.now();
  const found = await Promise.all([
    orders.open(userId, now),
    auctions.open(userId),
    races.open(userId, now),
    openMoney(userId, deps),
    traces.open(userId, now),
  ]);
  return found.flat();
}

/** What the ledger would still owe someone who is forgotten now, by currency; it is too little to be paid. */
export async function givenUp(userId: string, deps: BalanceDeps): Promise<string[]> {
  return amountsOf(userId, ({ available }) => available, deps);
}

/** What someone has been paid too much, since what it was their share of went back; by currency. */
export async function belowZero(userId: string, deps: BalanceDeps): Promise<string[]> {
  return amountsOf(
    userId,
    ({ available, pending, frozen }) => -(available + pending + frozen),
    deps,
  );
}

async function amountsOf(
  userId: string,
  amountOf: (balance: Balance) => number,
  { ledger, clock }: BalanceDeps,
): Promise<string[]> {
  const balances = await ledger.balances(racerAccount(userId), clock.now());
  return balances
    .filter((balance) => amountOf(balance) > 0)
    .map((balance) => formatMoney(amountOf(balance), balance.currency));
}

async function openMoney(
  userId: string,
  { ledger, debts, clock, config }: OpenAffairsDeps,
): Promise<OpenAffair[]> {
  const account = racerAccount(userId);
  const now = clock.now();
  const [balances, release, owed] = await Promise.all([
    ledger.balances(account, now),
    ledger.nextRelease(account, now),
    debts.outstanding(userId),
  ]);
  const shares = balances.flatMap(({ available, pending, frozen, currency }): OpenAffair[] => {
    const name = (amount: number) => formatMoney(amount, currency);
    if (frozen > 0) return [{ kind: "frozen-share", name: name(frozen) }];
    if (pending > 0) return [{ kind: "pending-share", name: name(pending), until: release }];
    const isPayable = available > 0 && available >= leastPayout(config.PAYOUT_THRESHOLD, currency);
    return isPayable ? [{ kind: "balance", name: name(available) }] : [];
  });
  const unpaid = [...owed]
    .filter(([, amount]) => amount > 0)
    .map(
      ([currency, amount]): OpenAffair => ({ kind: "debt", name: formatMoney(amount, currency) }),
    );
  return [...shares, ...unpaid];
}
