import type { Button, OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import type { Balance } from "../../../shared/money/ledger-store.ts";
import type { CurrencySum } from "../../../shared/money/ledger-sums.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { AccountState } from "../../../shared/money/seller-account.ts";
import { requestPayoutButton } from "../commands/buttons.ts";

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
