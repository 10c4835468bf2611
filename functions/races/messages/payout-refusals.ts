import { relativeTime } from "../../../shared/discord/theme.ts";
import type { Balance } from "../../../shared/money/ledger-store.ts";
import { decimalOf, formatMoney } from "../../../shared/money/money.ts";

/** Why a payout was not made. */
export const payoutRefusalTexts = {
  badUser: "I can't find that person. Pick the racer from Discord's list and try again.",
  noAmount:
    "Enter the amount with `amount:`, such as $50.00. For someone who leaves, pick `leaver: True`: they get everything that is available.",
  badCurrency: "I don't know that currency. Write its code of three letters, such as USD.",
  codeWithoutAmount:
    "A code is worth a fixed amount, so enter that with `amount:`. Someone who leaves gets everything that is available; to pay that, leave `code:` out and give them the code yourself.",
  codeForStripe:
    "A code goes with store credit or a gift card. Leave it out, or pick one of those.",
  badCode:
    "I can't send a code that contains a backtick. Leave `code:` out, and give it to them yourself.",
} as const;

/** The answer to an amount that is none in this currency. */
export function badAmountText(currency: string): string {
  return `I can't read that amount. Write it in ${currency.toUpperCase()}, such as ${decimalOf(5000, currency)}, and pick \`currency:\` for another balance.`;
}

/** The answer to a command that repeats a recent payout and did nothing. */
export function justPaidText(paidAt: Date | undefined): string {
  const when = paidAt ? ` ${relativeTime(paidAt)}` : "";
  return `The same amount was paid to them just now, by a command typed${when}. This one did nothing. If you do mean to pay it again, wait two minutes and run the command once more.`;
}

/** The answer to a payout below the minimum. */
export function tooLittleText(least: number, currency: string): string {
  return `Payouts start at ${formatMoney(least, currency)}. Pay at least that much, or pick \`leaver: True\` for someone who leaves: they get everything that is available.`;
}

/** The answer to a payout of only a part to someone who leaves. */
export function notAllText(racerId: string, available: number, currency: string): string {
  return `Someone who leaves is paid everything that is available: <@${racerId}> has ${formatMoney(available, currency)}. Leave \`amount:\` out, or enter exactly that.`;
}

/** What someone who leaves still has after a payout; undefined if nothing is left. */
export function leftOverText(balances: readonly Balance[]): string | undefined {
  const sums = (amountOf: (balance: Balance) => number) =>
    balances
      .filter((balance) => amountOf(balance) > 0)
      .map((balance) => formatMoney(amountOf(balance), balance.currency))
      .join(" and ");
  const pending = sums((balance) => balance.pending);
  const frozen = sums((balance) => balance.frozen);
  const others = sums((balance) => balance.available);
  const parts = [
    ...(others ? [`They also have ${others}: pay that with \`currency:\`.`] : []),
    ...(frozen ? [`${frozen} is frozen until a dispute is over: pay what is left then.`] : []),
    ...(pending ? [`${pending} is still pending: pay that once it is available.`] : []),
  ];
  return parts.length > 0 ? parts.join(" ") : undefined;
}

/** The answer to a payout of more than is available. */
export function notAvailableText(racerId: string, available: number, currency: string): string {
  const has = formatMoney(Math.max(0, available), currency);
  const wait =
    "Pending money becomes available by itself: try again later. Frozen money waits for a bank's decision.";
  if (available > 0) return `<@${racerId}> has ${has} available. Pay at most that. ${wait}`;
  return `<@${racerId}> has nothing available in ${currency.toUpperCase()} to pay out. ${wait}`;
}

/** The answer to a payout by Stripe to a racer without a ready account. */
export function noAccountText(racerId: string): string {
  return `<@${racerId}> has no Stripe account that can receive money. Ask them to run \`/payouts connect\`, or pick store credit.`;
}
