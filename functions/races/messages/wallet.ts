import type { Button, OutgoingMessage } from "../../../shared/clients/discord.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import type { Balance } from "../../../shared/money/ledger-store.ts";
import type { CurrencySum } from "../../../shared/money/ledger-sums.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { AccountState } from "../../../shared/money/seller-account.ts";
import { requestPayoutButton } from "../commands/buttons.ts";
import { fundsDeadline, type Payout, type TransferRefusal } from "../domain/payout.ts";

/** Everything a wallet shows. */
export interface WalletView {
  readonly avatarUrl: string | undefined;
  /** The owner's id if the team looks at it; undefined for the owner's own view. */
  readonly ofId: string | undefined;
  /** One per currency, at least one. */
  readonly balances: readonly Balance[];
  readonly nextRelease: Date | undefined;
  /** The state of their connected account, if they have one. */
  readonly account: AccountState | undefined;
  /** Newest first. */
  readonly races: readonly WalletRace[];
  /** The minimum payout in each balance's currency; 0 where there is none. */
  readonly leastPayouts: readonly CurrencySum[];
}

/** A race that someone took part in, with what they earned in each currency. */
export interface WalletRace {
  readonly name: string;
  readonly shares: readonly WalletShare[];
}

/** What a racer earned in a race, and its whole pot. */
export interface WalletShare {
  readonly currency: string;
  readonly earned: number;
  readonly pot: number;
}

/** A racer's wallet. Only they see it, or the staff member who asked. */
export function wallet(view: WalletView): OutgoingMessage {
  const { avatarUrl, ofId, balances, nextRelease, races, leastPayouts } = view;
  const isPending = balances.some(({ pending }) => pending > 0);
  const next = isPending && nextRelease ? relativeTime(nextRelease) : "Nothing is pending.";
  const owes = balances.some(({ available }) => available < 0)
    ? [{ name: "Below zero", value: "Sales were refunded. What you earn next settles it." }]
    : [];
  const contested = balances.some(({ frozen }) => frozen > 0)
    ? [{ name: "Frozen", value: FROZEN_TEXT }]
    : [];
  return {
    embeds: [
      {
        title: ofId === undefined ? "💰 Your Racer Wallet" : "💰 A Racer Wallet",
        ...(ofId !== undefined && { description: `<@${ofId}>` }),
        color: colours.gold,
        ...(avatarUrl && { thumbnail: { url: avatarUrl } }),
        fields: [
          { name: "Balance", value: fieldOf(balances.map(balanceLine)) },
          ...owes,
          ...contested,
          { name: "Lifetime earnings", value: fieldOf(balances.map(lifetimeLine)), inline: true },
          { name: "Next release", value: next, inline: true },
          { name: "Paid to", value: paidToText(view.account) },
          { name: "Last races", value: fieldOf(races.map(raceLine)) || NO_RACES },
        ],
        footer: { text: leastPayoutsText(leastPayouts) },
      },
    ],
    ...(ofId === undefined && canBePaid(view) && { buttons: [REQUEST] }),
  };
}

/** How the racer is paid, and how they can change that. */
function paidToText(account: AccountState | undefined): string {
  const credit = "Store credit or a gift card";
  if (account === "ACTIVE")
    return "Your bank, through Stripe; store credit or a gift card if you prefer.";
  if (account === undefined) return `${credit}. \`/payouts connect\` adds your bank account.`;
  return `${credit}. Your bank account isn't ready: \`/payouts connect\` shows what is missing.`;
}

const REQUEST: Button = {
  label: "Ask for a payout",
  id: requestPayoutButton.id({}),
  style: "primary",
};

/** Whether any balance has reached the minimum payout. */
function canBePaid({ balances, leastPayouts }: WalletView): boolean {
  return balances.some(({ available, currency }) => {
    const least = leastPayouts.find((each) => each.currency === currency)?.amount ?? 0;
    return available > 0 && available >= least;
  });
}

/** The answer to someone who is not staff and asks for another wallet. */
export const notYourWalletText =
  "Only the team can see someone else's wallet. Leave `user:` out to see your own.";

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const MAX_FIELD_LENGTH = 1024;
/** Enough for "and 999 more". */
const MORE_LENGTH = 12;
/** The number of currencies that one race's line shows. */
const MAX_POTS = 5;

const FROZEN_TEXT =
  "A buyer's bank is disputing a sale you share in. Your share of it can't be paid out until the bank has decided: then it's yours, or it goes back to the buyer.";
const NO_RACES = "None that earned anything yet. Join a lobby: every sale during a race is shared.";

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const MAX_FOOTER_LENGTH = 2048;

function leastPayoutsText(leastPayouts: readonly CurrencySum[]): string {
  const starts = leastPayouts
    .filter(({ amount }) => amount > 0)
    .map(({ amount, currency }) => formatMoney(amount, currency));
  const free = leastPayouts
    .filter(({ amount }) => amount === 0)
    .map(({ currency }) => currency.toUpperCase());
  const parts = [
    ...(starts.length > 0
      ? [`Payouts occur when your available balance reaches ${starts.join(" or ")}.`]
      : []),
    ...(free.length > 0 ? [`Payouts in ${free.join(", ")} have no minimum.`] : []),
    ...(starts.length > 0 ? ["If you leave, the team pays you out below that, too."] : []),
  ];
  return parts.join(" ").slice(0, MAX_FOOTER_LENGTH);
}

/** As many whole lines as fit a field, then the number of those left out. */
function fieldOf(lines: readonly string[]): string {
  const all = lines.join("\n");
  if (all.length <= MAX_FIELD_LENGTH) return all;
  const shown: string[] = [];
  let length = MORE_LENGTH;
  for (const line of lines) {
    length += line.length + 1;
    if (length > MAX_FIELD_LENGTH) break;
    shown.push(line);
  }
  return [...shown, `and ${lines.length - shown.length} more`].join("\n");
}

function balanceLine({ currency, available, pending, frozen }: Balance): string {
  const money = (amount: number) => formatMoney(amount, currency);
  const contested = frozen > 0 ? `, ${money(frozen)} frozen` : "";
  const total = money(available + pending + frozen);
  return `**${total}** · ${money(available)} available, ${money(pending)} pending${contested}`;
}

function lifetimeLine({ currency, lifetime }: Balance): string {
  return formatMoney(lifetime, currency);
}

function raceLine({ name, shares }: WalletRace): string {
  const shown = shares
    .slice(0, MAX_POTS)
    .map(({ currency, earned, pot }) => shareText(currency, earned, pot));
  const more = shares.length > MAX_POTS ? ` and ${shares.length - MAX_POTS} more` : "";
  return `**${plain(name, 60)}** · ${shown.join(" + ") || "nothing"}${more}`;
}

function shareText(currency: string, earned: number, pot: number): string {
  return `you ${formatMoney(earned, currency)}, pot ${formatMoney(pot, currency)}`;
}

/** Why a payout was not made. */
export const payoutRefusalTexts = {
  badUser: "I can't find that person. Pick the racer from Discord's list and try again.",
  badAmount:
    "I can't read that amount. Write it in the balance's currency, such as 50 or $50.00, and pick `currency:` for another.",
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
    ...(frozen ? [`${frozen} are frozen until a dispute is over: pay what is left then.`] : []),
    ...(pending ? [`${pending} are still pending: pay that once it is available.`] : []),
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

/** The public post about a payout. */
export function cashedOut({ racerId, amount, currency }: Payout): OutgoingMessage {
  return {
    content: `💸 <@${racerId}> just cashed out ${formatMoney(amount, currency)}!`,
    pings: { users: [racerId] },
  };
}

/** Sends a racer their code. */
export function payoutCode({ amount, currency, method }: Payout, code: string): OutgoingMessage {
  const what = method === "gift-card" ? "gift card" : "store credit";
  return {
    content: `💸 Here are ${formatMoney(amount, currency)} of your earnings as a ${what}. Your code: ${codeBlock(code)} Keep it to yourself: everyone who has it can spend it.`,
  };
}

/** The code exactly as it was typed. Codes with a backtick, which could end the block, are refused before. */
function codeBlock(code: string): string {
  return `\`\`\`\n${code}\n\`\`\``;
}

/** Notifies the operators that a racer has a payout's money both in their wallet and at Stripe. */
export function paidTwiceNotice(payout: Payout, transferId: string): OutgoingMessage {
  const { id, racerId, amount, currency } = payout;
  return {
    embeds: [
      {
        title: "A payout was made twice",
        color: colours.rose,
        description: `${formatMoney(amount, currency)} of <@${racerId}> (payout \`${id}\`) went back into their wallet, but Stripe also made transfer \`${transferId}\` of it. Reverse that transfer in Stripe's dashboard: the wallet then holds what is theirs.`,
      },
    ],
  };
}

/** The answer to the staff member who made a payout. */
export function payoutAnswer(payout: Payout): OutgoingMessage {
  const { racerId, amount, currency } = payout;
  const money = formatMoney(amount, currency);
  if (payout.state === "open" && payout.fundsTries > 0) {
    return {
      content: `C500 has too little available at Stripe right now, so the ${money} for <@${racerId}> have to wait. I try again every hour. If it is still too little ${relativeTime(fundsDeadline(payout))}, the money goes back into the wallet. Add to the balance in Stripe's dashboard, or pause its payouts to your bank.`,
    };
  }
  if (payout.state === "returned" && payout.refusal === "reversed") {
    return {
      content: `The transfer of ${money} to <@${racerId}> was reversed in Stripe's dashboard, so the money is in the wallet again.`,
    };
  }
  if (payout.state === "returned" && payout.transferId) {
    return {
      content: `${money} for <@${racerId}> went back into the wallet, but Stripe also made the transfer. The operators have been notified and take one of the two back. Don't pay it again.`,
    };
  }
  if (payout.state === "returned") {
    return {
      content: `Stripe refused the transfer, so ${money} went back into the wallet of <@${racerId}>. ${ADVICE[payout.refusal ?? "other"]}`,
    };
  }
  const notPosted = payout.isNotified
    ? ""
    : " I couldn't post in that channel, so please announce it yourself.";
  return { content: `Done: ${money} for <@${racerId}> ${given(payout)}${notPosted}` };
}

/** Notifies the operators, once, of a payout that waits for funds at Stripe. */
export function payoutWaitsNotice(payout: Payout): OutgoingMessage {
  const { racerId, amount, currency } = payout;
  return {
    embeds: [
      {
        title: "A payout waits for funds at Stripe",
        color: colours.rose,
        description: `C500 has less than ${formatMoney(amount, currency)} available at Stripe for the payout of <@${racerId}>. I try again every hour. If it is still too little ${relativeTime(fundsDeadline(payout))}, the money goes back into the wallet. Add to the balance in Stripe's dashboard, or pause its payouts to your bank.`,
      },
    ],
  };
}

/** Notifies a racer of a payout that didn't arrive. */
export function payoutReturnedNotice({ amount, currency, refusal }: Payout): OutgoingMessage {
  const why: Readonly<Record<TransferRefusal, string>> = {
    balance: "The shop couldn't send it in time; the team has been notified and pays you later.",
    account:
      "Your payout account is closed or no longer connected: run `/payouts connect` to open another.",
    other:
      "Stripe couldn't send it to your account: run `/payouts connect` to see what is missing.",
    reversed: "The team has reversed the transfer at Stripe; ask them if that surprises you.",
  };
  return {
    content: `↩️ Your payout of ${formatMoney(amount, currency)} is in your wallet again. ${why[refusal ?? "other"]}`,
  };
}

const ADVICE: Readonly<Record<TransferRefusal, string>> = {
  balance:
    "C500 had too little at Stripe for three days: add to its balance and run `/payout` again, or pick store credit.",
  account:
    "Their account is closed or no longer connected: ask them to run `/payouts connect`, or pick store credit.",
  reversed: "Someone has reversed the transfer in Stripe's dashboard.",
  other:
    "Ask them to run `/payouts connect` to see what is missing, or run `/payout` again with store credit.",
};

function given({ method, codeDelivery }: Payout): string {
  if (method === "stripe") return "are on the way to their Stripe account.";
  const what = method === "gift-card" ? "a gift card" : "store credit";
  if (codeDelivery === "dm") return `as ${what}. They have the code by DM.`;
  if (codeDelivery === "by-hand") {
    return `as ${what}. Their DMs are closed and I have not stored the code: please give it to them yourself.`;
  }
  return `as ${what}. There was no code to send, so give it to them yourself.`;
}
