import type { Button, OutgoingMessage } from "../clients/discord.ts";
import { builderPart, givenTo } from "../domain/builder-part.ts";
import { formatMoney } from "../domain/money.ts";
import { isReserved, type Order } from "../domain/order.ts";
import { type AccountState, inPlainWords } from "../domain/seller-account.ts";
import type { Builder, SellerAccount } from "../store/builders.ts";
import { colours, plain } from "./theme.ts";

/** Orders a profile shows of each kind. */
const MAX_LINES = 10;
/** https://discord.com/developers/docs/resources/message#embed-object */
const MAX_EMBED_DESCRIPTION = 4096;

/** The answer to `/c500 payouts`. */
export function payoutsAnswer(
  account: SellerAccount,
  link: { readonly url: string; readonly isDashboard: boolean },
  note?: string,
): OutgoingMessage {
  const button: Button = {
    label: link.isDashboard ? "Open your payouts" : "Continue at Stripe",
    url: link.url,
  };
  return {
    content: [`${stateTexts[account.state]}${missingText(account)}`, note]
      .filter((text) => text !== undefined)
      .join("\n"),
    buttons: [button],
  };
}

/** The answer when Stripe has closed an account. */
export const accountRejectedText =
  "Your payout account is closed: Stripe ended it, or you disconnected it. To connect another one, run `/c500 payouts country:` with your country. What you earned waits for you. If Stripe refuses again, write to the team.";
/** What has to be said before there is an account, and why one cannot be made. */
export const payoutCountryTexts = {
  missing:
    "Which country do you live in, or is your business registered in? Run `/c500 payouts` again and pick it under `country`. Choose with care: Stripe fixes it once you've filled in its form.",
  unknown: (typed: string) =>
    `Stripe opens no payout accounts in "${plain(typed, 60)}", or I don't know that name. Run \`/c500 payouts\` again and pick a country from the list under \`country\`.`,
  outOfReach: (country: string, payable: readonly string[]) =>
    `I can't pay builders in ${country}: Stripe lets this shop pay only ${payable.join(", ")}. If you have a business or bank account in one of those, run \`/c500 payouts\` again with that country.`,
  refused: (country: string) =>
    `Stripe won't open a payout account in ${country} for this shop right now. That isn't your doing: the team has been notified and has to settle it with Stripe. Run \`/c500 payouts\` again later.`,
  fixed: (country: string) =>
    `Your payout account stays in ${country}: Stripe doesn't change the country of an account whose form was filled in. If that is wrong, write to the team.`,
} as const;

/** Tells a builder what has become of their account. */
export function accountChanged(account: SellerAccount): OutgoingMessage {
  return { content: `${stateTexts[account.state]}${missingText(account)}` };
}

const stateTexts: Record<AccountState, string> = {
  PENDING: "Your payout account isn't finished yet.",
  ACTIVE: "✅ Your payout account is ready: what you sell reaches your bank.",
  RESTRICTED: "⚠️ Stripe needs something more before it can pay you.",
  REJECTED:
    "🚫 Your payout account is closed, so you can't be paid. Run `/c500 payouts` to see what you can do.",
};

function missingText({ state, missing }: SellerAccount): string {
  if (state === "ACTIVE" || state === "REJECTED") return "";
  if (missing.length === 0) {
    return state === "PENDING"
      ? " Open the link and finish the form; it takes about five minutes."
      : "";
  }
  return ` Still missing: ${inPlainWords(missing)
    .map((words) => plain(words, 80))
    .join(", ")}.`;
}

/** What a profile shows. */
export interface ProfileView {
  readonly bought: readonly Order[];
  readonly builder: Builder | undefined;
  readonly sold: readonly Order[];
  readonly openDrops: number;
  readonly debts: ReadonlyMap<string, number>;
  readonly now: Date;
}

/** Someone's orders and, for a builder, their sales. Only they see it. */
export function profile(view: ProfileView): OutgoingMessage {
  const bought = fitting(
    view.bought.slice(0, MAX_LINES).map((order) => boughtLine(order, view.now)),
  );
  const buyer = {
    title: "Your orders",
    color: colours.lavender,
    description: bought.join("\n") || "Nothing yet. The marketplace channel shows what is on sale.",
  };
  return { embeds: view.builder ? [buyer, builderEmbed(view, view.builder)] : [buyer] };
}

/** As many lines as an embed takes: Stripe's links are long. */
function fitting(lines: readonly string[]): string[] {
  let left = MAX_EMBED_DESCRIPTION;
  return lines.filter((line) => {
    left -= line.length + 1;
    return left >= 0;
  });
}

function boughtLine(order: Order, now: Date): string {
  const { payment, twitchVodLink } = order;
  const price = payment ? ` · ${formatMoney(payment.amount, payment.currency)}` : "";
  const status = statusTexts[order.fulfillmentStatus] ?? plain(order.fulfillmentStatus, 30);
  const page = payment?.checkout;
  const isPayable = isReserved(order) && page !== undefined && page.expiresAt > now;
  const pay = isPayable && page.url ? ` · [pay now](${page.url})` : "";
  const watch = twitchVodLink ? ` · [watch](${twitchVodLink})` : "";
  return `**${plain(order.title ?? order.id, 60)}**${price} · ${status}${watch}${pay}`;
}

const statusTexts: Readonly<Record<string, string>> = {
  reserved: "waiting for your payment",
  processing: "your bank is working on it",
  expired: "not paid in time",
  cancelled: "given back",
  paid: "paid",
  building: "on the workbench",
  shipped: "shipped",
  delivered: "delivered",
  refunded: "refunded",
  charged_back: "charged back",
};

function builderEmbed(view: ProfileView, builder: Builder) {
  const open = view.sold.filter(({ fulfillmentStatus }) =>
    ["paid", "building"].includes(fulfillmentStatus),
  );
  const lines = open
    .slice(0, MAX_LINES)
    .map(
      (order) =>
        `**${plain(order.title ?? order.id, 60)}** · \`${order.id}\` · ${statusTexts[order.fulfillmentStatus]}`,
    );
  const account = builder.account
    ? `${stateTexts[builder.account.state]}${missingText(builder.account)}`
    : "No payout account yet: run `/c500 payouts`.";
  return {
    title: "Your shop",
    color: colours.mint,
    description: lines.join("\n") || "No open orders.",
    fields: [
      { name: "Drops on sale", value: String(view.openDrops), inline: true },
      { name: "Held", value: sumOf(view.sold, heldPart), inline: true },
      { name: "Released", value: sumOf(view.sold, releasedPart), inline: true },
      ...(view.debts.size > 0
        ? [{ name: "Comes off your next payouts", value: sums(view.debts), inline: true }]
        : []),
      { name: "Account", value: account },
    ],
  };
}

function heldPart({ payment }: Order): number {
  if (!payment) return 0;
  if (payment.hold === "releasing") return payment.transfer?.sending?.gross ?? 0;
  return payment.hold === "held" ? builderPart(payment) - givenTo(payment) : 0;
}

function releasedPart({ payment }: Order): number {
  if (!payment?.transfer) return 0;
  const { netted, sending } = payment.transfer;
  return givenTo(payment) - netted - (sending ? sending.gross - sending.netted : 0);
}

function sumOf(orders: readonly Order[], part: (order: Order) => number): string {
  const totals = new Map<string, number>();
  for (const order of orders) {
    const currency = order.payment?.currency;
    if (currency) totals.set(currency, (totals.get(currency) ?? 0) + part(order));
  }
  return sums(totals);
}

function sums(totals: ReadonlyMap<string, number>): string {
  const lines = [...totals].map(([currency, amount]) => formatMoney(amount, currency));
  return lines.join("\n") || formatMoney(0, "usd");
}
