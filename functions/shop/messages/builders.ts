import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { colours, plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { accountText, builderAccount } from "../../members/messages/payout-accounts.ts";
import type { Builder } from "../../members/store/builders.ts";
import { builderPart, givenTo } from "../domain/builder-part.ts";
import { isReserved, type Order, orderTitle } from "../domain/order.ts";

/** The number of orders that each list of a profile shows. */
export const MAX_LINES = 10;
/** https://discord.com/developers/docs/resources/message#embed-object */
const MAX_EMBED_DESCRIPTION = 4096;

/** Everything a profile shows. */
export interface ProfileView {
  readonly bought: readonly Order[];
  /** The links to their pages, by their ids. */
  readonly pages: ReadonlyMap<string, string>;
  readonly builder: Builder | undefined;
  readonly sold: readonly Order[];
  readonly openDrops: number;
  readonly debts: ReadonlyMap<string, number>;
  readonly now: Date;
}

/** A user's orders and, for a builder, their sales. Only they see it. */
export function profile(view: ProfileView): OutgoingMessage {
  const bought = fitting(view.bought.slice(0, MAX_LINES).map((order) => boughtLine(order, view)));
  const buyer = {
    title: "Your orders",
    color: colours.lavender,
    description: bought.join("\n") || "Nothing yet. The marketplace channel shows what is on sale.",
  };
  return { embeds: view.builder ? [buyer, builderEmbed(view, view.builder)] : [buyer] };
}

/** The lines that fit an embed: Stripe's links are long. */
function fitting(lines: readonly string[]): string[] {
  let left = MAX_EMBED_DESCRIPTION;
  return lines.filter((line) => {
    left -= line.length + 1;
    return left >= 0;
  });
}

function boughtLine(order: Order, { now, pages }: ProfileView): string {
  const { payment, twitchVodLink } = order;
  const price = payment ? ` · ${formatMoney(payment.amount, payment.currency)}` : "";
  const status = statusTexts[order.fulfillmentStatus] ?? plain(order.fulfillmentStatus, 30);
  const page = payment?.checkout;
  const isPayable = isReserved(order) && page !== undefined && page.expiresAt > now;
  const pay = isPayable && page.url ? ` · [pay now](${page.url})` : "";
  const watch = twitchVodLink ? ` · [watch](${twitchVodLink})` : "";
  const link = pages.get(order.id);
  const follow = link ? ` · [follow](${link})` : "";
  return `**${plain(orderTitle(order) ?? order.id, 60)}**${price} · ${status}${follow}${watch}${pay}`;
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
        `**${plain(orderTitle(order) ?? order.id, 60)}** · \`${order.id}\` · ${statusTexts[order.fulfillmentStatus]}`,
    );
  const account = builder.account
    ? accountText(builder.account, builderAccount)
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
  return givenTo(payment) - (payment.transfer.sending?.gross ?? 0);
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
