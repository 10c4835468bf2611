import * as z from "zod/mini";
import { readSaleTime, saleTitle } from "../../../../shared/money/sale-reading.ts";
import {
  anyText,
  type Identifiers,
  lobbiesInMessage,
  namedBy,
  type Reading,
  readMoney,
  shopId,
  unreadable,
} from "../reading.ts";

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

/** A payment whose token was ours. */
interface Delivery {
  /** The payment, with its numbers as they were written. */
  readonly content: unknown;
  readonly body: Buffer;
  readonly receivedAt: Date;
  /** The kinds of payments that count. */
  readonly saleTypes: readonly string[];
}

/**
 * What a payment on Ko-fi reports. Ko-fi gives one amount for everything: what a shop order paid for shipping
 * cannot be distinguished, and counts. It does not report its refunds.
 */
export function readPayment({ content, body, receivedAt, saleTypes }: Delivery): Reading {
  const payment = paymentSchema.safeParse(content).data;
  if (!payment) return unreadable("it is no payment", identifiersOf(undefined), body);
  const unread = (what: string) => unreadable(what, identifiersOf(payment), body);
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
  const time = readSaleTime(payment.timestamp ?? "", receivedAt);
  if (!time) return unread("its time is missing, unreadable or ahead");
  return {
    kind: "sale",
    sale: {
      id: `kofi:${id.data}`,
      provider: "kofi",
      base: money.amount,
      currency: money.currency,
      ...time,
      ...namedBy(lobbiesInMessage(payment.message)),
      title: titleOf(payment),
    },
  };
}

function titleOf({ type, shop_items: items, tier_name: tier }: Payment): string {
  const general = TITLES[type ?? ""] ?? "A payment on Ko-fi";
  const names = type === "Subscription" ? [tier] : (items ?? []).map((item) => item.variation_name);
  const named = names.filter((name) => name).join(", ");
  return saleTitle(named ? `${general}: ${named}` : general);
}

function identifiersOf(payment: Payment | undefined): Identifiers {
  return {
    provider: "kofi",
    id: payment?.kofi_transaction_id || payment?.message_id,
    type: payment?.type,
    amount: payment?.amount,
    currency: payment?.currency,
    time: payment?.timestamp,
  };
}
