import { racerAccount } from "../../../shared/money/ledger.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { leastPayout } from "../../races/domain/payout.ts";
import type { Deps } from "../deps.ts";
import type { OpenObligation } from "../domain/open-obligation.ts";

/** What looking for open obligations needs. */
export type OpenObligationsDeps = Pick<
  Deps,
  "personalData" | "ledger" | "debts" | "clock" | "config"
>;
type BalanceDeps = Pick<OpenObligationsDeps, "ledger" | "clock">;
type Balance = Awaited<ReturnType<OpenObligationsDeps["ledger"]["balances"]>>[number];

/**
 * Everything that prevents a user from being forgotten now. A payable balance does. A balance below the minimum
 * payout does not, nor do debts, which the tombstone stores. Reads only.
 */
export async function openObligations(
  userId: string,
  deps: OpenObligationsDeps,
): Promise<OpenObligation[]> {
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

/**
 * What a user owes, by currency: negative balances, because a sale that they shared in was returned, and
 * uncollected debts from refunds.
 */
export async function owedBy(userId: string, deps: OpenObligationsDeps): Promise<string[]> {
  const below = await amountsOf(
    userId,
    ({ available, pending, frozen }) => -(available + pending + frozen),
    deps,
  );
  const debts = await deps.debts.outstanding(userId);
  const owed = [...debts].filter(([, amount]) => amount > 0);
  return [...below, ...owed.map(([currency, amount]) => formatMoney(amount, currency))];
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
  { ledger, clock, config }: OpenObligationsDeps,
): Promise<OpenObligation[]> {
  const account = racerAccount(userId);
  const now = clock.now();
  const [balances, release] = await Promise.all([
    ledger.balances(account, now),
    ledger.nextRelease(account, now),
  ]);
  return balances.flatMap(({ available, pending, frozen, currency }): OpenObligation[] => {
    const name = (amount: number) => formatMoney(amount, currency);
    if (frozen > 0) return [{ kind: "frozen-share", name: name(frozen) }];
    if (pending > 0) return [{ kind: "pending-share", name: name(pending), until: release }];
    const isPayable = available > 0 && available >= leastPayout(config.PAYOUT_THRESHOLD, currency);
    return isPayable ? [{ kind: "balance", name: name(available) }] : [];
  });
}
