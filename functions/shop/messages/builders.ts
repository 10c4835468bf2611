import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { accountText, builderAccount } from "../../members/messages/payout-accounts.ts";
import type { Builder } from "../../members/store/builders.ts";
import { builderPart, givenTo } from "../domain/builder-part.ts";
import { isReserved, type Order, orderTitle } from "../domain/order.ts";

/** The number of orders that each list of a profile shows. */
export const MAX_LINES = 10;
/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const MAX_ALL_EMBEDS = 6000;
const MAX_EMBED_DESCRIPTION = 4096;
const MAX_EMBED_FIELD = 1024;
/** So that enough is left for what somebody bought. */
const MAX_SHOP_TEXT = 2000;
/** A sum in each of more currencies than anyone sells in. */
const MAX_SUMS = 200;
/** "and 100 more", with its line break. */
const MORE_LENGTH = 20;

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
  const shop = view.builder && builderEmbed(view, view.builder);
  const title = "Your orders";
  const left = MAX_ALL_EMBEDS - title.length - (shop ? lengthOf(shop) : 0);
  const lines = view.bought.slice(0, MAX_LINES).map((order) => boughtLine(order, view));
  const bought = fitting(lines, view.bought.length, Math.min(left, MAX_EMBED_DESCRIPTION));
  const buyer = {
    title,
    color: colours.lavender,
    description: bought || "Nothing yet. The marketplace channel shows what is on sale.",
  };
  return { embeds: shop ? [buyer, shop] : [buyer] };
}

/** The lines that fit, as Stripe's links are long, and how many of `all` are left out. */
function fitting(lines: readonly string[], all: number, maxLength: number): string {
  let left = maxLength - MORE_LENGTH;
  const shown = lines.filter((line) => {
    if (line.length + 1 > left) return false;
    left -= line.length + 1;
    return true;
  });
  const more = all - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

function lengthOf({ title, description, fields }: ReturnType<typeof builderEmbed>): number {
  const texts = [title, description, ...fields.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, text) => sum + text.length, 0);
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
  cancelled: "over, not paid",
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
    description: fitting(lines, open.length, MAX_SHOP_TEXT) || "No open orders.",
    fields: [
      { name: "Drops on sale", value: String(view.openDrops), inline: true },
      { name: "Held", value: sumOf(view.sold, heldPart), inline: true },
      { name: "Released", value: sumOf(view.sold, releasedPart), inline: true },
      ...(view.debts.size > 0
        ? [{ name: "Comes off your next payouts", value: sums(view.debts), inline: true }]
        : []),
      { name: "Account", value: account.slice(0, MAX_EMBED_FIELD) },
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
  return fitting(lines, lines.length, MAX_SUMS) || "Nothing yet";
}
