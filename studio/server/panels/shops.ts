import * as z from "zod/mini";
import type { ProviderName } from "../../../functions/races/providers/settings.ts";
import type { ShopsSimulator } from "../../../local/shops/index.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";
import { fromMinor, toMinor } from "./stripe/amounts.ts";

const MOST_SHOWN = 60;
const text = z.string().check(z.trim(), z.minLength(1));

/** What somebody buys in any shop; the amount is in minor units. */
interface Purchase {
  readonly item: string;
  readonly amount: number;
  readonly currency: string;
  readonly lobby: string | undefined;
}

/** A shop as its owner and buyers use it. Refunds are of the whole sale. */
interface Counter {
  readonly title: string;
  /** Gives the sale's id. */
  sell(purchase: Purchase): string;
  /** Undefined where the provider reports no refunds. */
  readonly refund: ((saleId: string) => void) | undefined;
}

function countersOf({ kofi, shopify, woocommerce }: ShopsSimulator): Record<ProviderName, Counter> {
  const itemsOf = ({ item, amount }: Purchase) => [{ title: item, price: amount }];
  return {
    kofi: {
      title: "Ko-fi",
      sell: (purchase) => kofi.sell(purchase).transactionId,
      refund: undefined,
    },
    shopify: {
      title: "Shopify",
      sell: ({ currency, lobby, ...purchase }) =>
        shopify.order({ items: itemsOf({ ...purchase, currency, lobby }), currency, lobby })
          .orderId,
      refund: (saleId) => void shopify.refund(saleId),
    },
    woocommerce: {
      title: "WooCommerce",
      sell: ({ currency, lobby, ...purchase }) =>
        woocommerce.order({ items: itemsOf({ ...purchase, currency, lobby }), currency, lobby })
          .orderId,
      refund: (saleId) => void woocommerce.refund(saleId),
    },
  };
}

/** The shops that sell merch. */
export function shopsPanel({ cloud: { shops, clock } }: StudioHost) {
  const counters = countersOf(shops);
  const sales: {
    provider: ProviderName;
    id: string;
    item: string;
    amount: string;
    atMs: number;
  }[] = [];
  const names = Object.keys(counters) as ProviderName[];
  const provider = z.enum(names);
  return {
    calls: {
      read: defineCall(z.object({}), () => ({
        shops: names.map((name) => ({
          name,
          title: counters[name].title,
          canRefund: counters[name].refund !== undefined,
          sales: sales.filter((sale) => sale.provider === name).reverse(),
        })),
        attempts: shops.attempts().slice(-MOST_SHOWN).reverse(),
      })),
      sell: defineCall(
        z.object({ provider, item: text, amount: text, currency: text, lobby: z.string() }),
        ({ provider: name, item, amount, currency, lobby }) => {
          const code = currency.toUpperCase();
          const minor = toMinor(amount, code) ?? 0;
          const bought = { item, amount: minor, currency: code, lobby: lobby.trim() || undefined };
          const id = counters[name].sell(bought);
          const shown = fromMinor(minor, code);
          sales.push({ provider: name, id, item, amount: shown, atMs: clock.nowMs() });
        },
      ),
      refund: defineCall(z.object({ provider, id: text }), ({ provider: name, id }) => {
        const { refund, title } = counters[name];
        if (!refund) throw new Error(`${title} reports no refunds.`);
        refund(id);
      }),
      sendTest: defineCall(z.object({}), () => void shops.kofi.sendTest()),
      repeat: defineCall(z.object({ id: text }), async ({ id }) => ({
        result: await shops.repeat(id),
      })),
      forge: defineCall(z.object({ id: text }), async ({ id }) => ({
        result: await shops.repeatForged(id),
      })),
    },
    version: () => `${sales.length} ${shops.revision()}`,
  };
}
