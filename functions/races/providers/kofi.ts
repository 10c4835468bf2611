import * as z from "zod/mini";
import { readId } from "../../../shared/documents/outside-id.ts";
import { readSaleTime, saleTitle } from "../../../shared/money/sale-reading.ts";
import { isShopWord } from "../domain/shop-link.ts";
import { anyText, type News, readMoney, shopId, type Traces, unreadable } from "./news.ts";

/** What we read of a payment: https://ko-fi.com/manage/webhooks. Names and addresses are left alone. */
const paymentSchema = z.object({
  message_id: anyText,
  kofi_transaction_id: anyText,
  timestamp: anyText,
  type: anyText,
  amount: anyText,
  currency: anyText,
  message: anyText,
  tier_name: anyText,
  shop_items: z.catch(z.optional(z.nullable(z.array(z.object({ variation_name: anyText })))), null),
});
type Payment = z.infer<typeof paymentSchema>;

/**
 * "Send test" on Ko-fi's webhook page sends examples of every type with the real token, and always of
 * this transaction. Ko-fi's own page of that is behind its login; so see what it sends:
 * https://github.com/trudslev/members-for-kofi/blob/main/src/Webhook/Webhook.php
 */
const TEST_TRANSACTION_ID = "00000000-1111-2222-3333-444444444444";

/** What a kind of payment is called where there is no more to tell. */
const TITLES: Readonly<Record<string, string>> = {
  Donation: "A tip on Ko-fi",
  Subscription: "A membership on Ko-fi",
  Commission: "A commission on Ko-fi",
  "Shop Order": "A shop order on Ko-fi",
};

/**
 * What a payment of Ko-fi's means to us. Ko-fi gives one amount for everything: what a shop order paid
 * for shipping cannot be told apart, and counts. Its refunds it does not tell at all.
 */
export function readKofi(
  content: unknown,
  {
    body,
    saleTypes,
    heardAt,
  }: { readonly body: Buffer; readonly saleTypes: readonly string[]; readonly heardAt: Date },
): News {
  const payment = paymentSchema.safeParse(content).data;
  if (!payment) return unreadable("it is no payment", tracesOf(undefined), body);
  const unread = (what: string) => unreadable(what, tracesOf(payment), body);
  if (payment.kofi_transaction_id === TEST_TRANSACTION_ID) {
    return { kind: "nothing", why: "Ko-fi's test payments do not count." };
  }
  if (!payment.type) return unread("its type is missing");
  if (!saleTypes.includes(payment.type)) {
    return { kind: "nothing", why: "Payments of this type do not count." };
  }
  const id = shopId.safeParse(payment.kofi_transaction_id || payment.message_id);
  if (!id.success) return unread("its id is missing or unreadable");
  const money = readMoney(payment.amount, payment.currency);
  if (!money) return unread("its amount or currency is missing or unreadable");
  const time = readSaleTime(payment.timestamp ?? "", heardAt);
  if (!time) return unread("its time is missing, unreadable or ahead");
  const lobbyId = lobbyOf(payment);
  return {
    kind: "sale",
    sale: {
      id: `kofi:${id.data}`,
      provider: "kofi",
      base: money.amount,
      currency: money.currency,
      ...time,
      ...(lobbyId && { lobbyId }),
      title: titleOf(payment),
    },
  };
}

/** Of what the buyer wrote only "race WORD" and "lobby:ID" are read. */
function lobbyOf({ message }: Payment): string | undefined {
  const [, name] = /(?:^|\s)lobby:([\w-]+)/i.exec(message ?? "") ?? [];
  const [, word = ""] = /(?:^|\s)race[ :-]+(\w+)/i.exec(message ?? "") ?? [];
  return readId(name) ?? [word.toLowerCase()].find(isShopWord);
}

function titleOf({ type, shop_items: items, tier_name: tier }: Payment): string {
  const general = TITLES[type ?? ""] ?? "A payment on Ko-fi";
  const names = type === "Subscription" ? [tier] : (items ?? []).map((item) => item.variation_name);
  const named = names.filter((name) => name).join(", ");
  return saleTitle(named ? `${general}: ${named}` : general);
}

function tracesOf(payment: Payment | undefined): Traces {
  return {
    provider: "kofi",
    id: payment?.kofi_transaction_id || payment?.message_id,
    type: payment?.type,
    amount: payment?.amount,
    currency: payment?.currency,
    time: payment?.timestamp,
  };
}
