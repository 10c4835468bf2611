import type { OutgoingMessage } from "../clients/discord.ts";
import { formatMoney } from "../domain/money.ts";
import type { Payout, TransferRefusal } from "../domain/payout.ts";
import type { Balance } from "../store/ledger.ts";
import { colours, plain, relativeTime } from "./theme.ts";

/** What a wallet shows. */
export interface WalletView {
  readonly avatarUrl: string | undefined;
  /** One for each currency, at least one. */
  readonly balances: readonly Balance[];
  readonly nextRelease: Date | undefined;
  /** The newest first. */
  readonly races: readonly WalletRace[];
  /** The least that is paid out, and the currency to show it in. */
  readonly threshold: { readonly amount: number; readonly currency: string };
}

/** A race of someone's, with what its racers earned together: one sum for each currency. */
export interface WalletRace {
  readonly name: string;
  readonly pots: readonly { readonly currency: string; readonly amount: number }[];
}

/** Someone's wallet. Only they see it. */
export function wallet(view: WalletView): OutgoingMessage {
  const { avatarUrl, balances, nextRelease, races, threshold } = view;
  const next = nextRelease ? `${relativeTime(nextRelease)}` : "Nothing is pending.";
  const owes = balances.some(({ available }) => available < 0)
    ? [{ name: "Below zero", value: "Sales were taken back. What you earn next settles it." }]
    : [];
  return {
    embeds: [
      {
        title: "💰 Your wallet",
        color: colours.gold,
        ...(avatarUrl && { thumbnail: { url: avatarUrl } }),
        fields: [
          { name: "Balance", value: balances.map(balanceLine).join("\n") },
          ...owes,
          { name: "Lifetime earnings", value: balances.map(lifetimeLine).join("\n"), inline: true },
          { name: "Next release", value: next, inline: true },
          { name: "Last races", value: races.map(raceLine).join("\n") || NO_RACES },
        ],
        footer: {
          text: `Payouts start at ${formatMoney(threshold.amount, threshold.currency)} available.`,
        },
      },
    ],
  };
}

const NO_RACES = "None that earned anything yet. Join a lobby: every sale during a race is shared.";

function balanceLine({ currency, available, pending }: Balance): string {
  const money = (amount: number) => formatMoney(amount, currency);
  return `**${money(available + pending)}** · ${money(available)} available, ${money(pending)} pending`;
}

function lifetimeLine({ currency, lifetime }: Balance): string {
  return formatMoney(lifetime, currency);
}

function raceLine({ name, pots }: WalletRace): string {
  const sums = pots.map(({ currency, amount }) => formatMoney(amount, currency));
  return `**${plain(name, 60)}** · pot ${sums.join(" + ") || "empty"}`;
}

/** Why a payout was not made. */
export const payoutRefusalTexts = {
  notStaff:
    "Payouts are made by the team. Run `/wallet` to see what you have; they can pay you out.",
  badUser: "I don't know whom you mean. Pick the racer from Discord's list and try again.",
  badAmount:
    "I can't read that amount. Write it in the balance's currency, such as 50 or $50.00, and pick `currency:` for another.",
  codeForStripe:
    "A code goes with store credit or a gift card. Leave it out, or pick one of those.",
  justPaid:
    "The same amount was paid to them less than a minute ago. If you do mean to pay it again, wait a minute and run the command once more.",
} as const;

/** Less was asked for than is ever paid out. */
export function tooLittleText(least: number, currency: string): string {
  return `Payouts start at ${formatMoney(least, currency)}. Ask for at least that much.`;
}

/** More was asked for than there is. */
export function notAvailableText(racerId: string, available: number, currency: string): string {
  const has = formatMoney(Math.max(0, available), currency);
  const wait = "Pending money becomes available by itself: try again later.";
  if (available > 0) return `<@${racerId}> has ${has} available. Ask for at most that. ${wait}`;
  return `<@${racerId}> has nothing available in ${currency.toUpperCase()} to pay out. ${wait}`;
}

/** A transfer needs an account. */
export function noAccountText(racerId: string): string {
  return `<@${racerId}> has no Stripe account that takes money. They can run \`/c500 register\` and \`/c500 payouts\`, or you pick store credit.`;
}

/** What everyone sees. */
export function cashedOut({ racerId, amount, currency }: Payout): OutgoingMessage {
  return {
    content: `💸 <@${racerId}> just cashed out ${formatMoney(amount, currency)}!`,
    pings: { users: [racerId] },
  };
}

/** What the racer redeems. */
export function payoutCode({ amount, currency, method }: Payout, code: string): OutgoingMessage {
  const what = method === "gift-card" ? "gift card" : "store credit";
  return {
    content: `💸 Here are ${formatMoney(amount, currency)} of your earnings as a ${what}. Your code: ${codeBlock(code)} Keep it to yourself: whoever has it can spend it.`,
  };
}

/** Exactly as it was typed, with nothing in it that could end the block. */
function codeBlock(code: string): string {
  return `\`\`\`\n${code.replaceAll("`", "`\u200b")}\n\`\`\``;
}

/** What the staff member is told of their payout. */
export function payoutAnswer(payout: Payout): OutgoingMessage {
  const { racerId, amount, currency } = payout;
  const money = formatMoney(amount, currency);
  if (payout.state === "returned") {
    return {
      content: `Stripe refused the transfer, so ${money} went back into the wallet of <@${racerId}>. ${ADVICE[payout.refusal ?? "other"]}`,
    };
  }
  const untold = payout.isTold ? "" : " I couldn't write in that channel, so tell people yourself.";
  return { content: `Done: ${money} for <@${racerId}> ${given(payout)}${untold}` };
}

const ADVICE: Readonly<Record<TransferRefusal, string>> = {
  balance:
    "C500 has too little at Stripe just now: add to its balance and run `/payout` again, or pick store credit.",
  account:
    "Their account is closed or no longer ours to pay: they can run `/c500 payouts`, or you pick store credit.",
  other:
    "They can run `/c500 payouts` to see what is missing; or run `/payout` again with store credit.",
};

function given({ method, codeDelivery }: Payout): string {
  if (method === "stripe") return "are on the way to their Stripe account.";
  const what = method === "gift-card" ? "a gift card" : "store credit";
  if (codeDelivery === "dm") return `as ${what}. They have the code by DM.`;
  if (codeDelivery === "by-hand") {
    return `as ${what}. Their DMs are closed: please hand them the code yourself, I have not kept it.`;
  }
  return `as ${what}. There was no code to send, so give it to them yourself.`;
}
