import * as z from "zod/mini";
import { providers } from "../../../functions/races/providers/index.ts";
import type { ProviderName } from "../../../functions/races/providers/settings.ts";
import { simulators } from "../../../functions/races/providers/simulators.ts";
import type { ShopSimulator } from "../../../local/shops/simulator.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";
import { fromMinor, toMinor } from "./stripe/amounts.ts";

const MOST_SHOWN = 60;
const text = z.string().check(z.trim(), z.minLength(1));

/** The shops that sell merch. */
export function shopsPanel({ cloud: { shops, clock } }: StudioHost) {
  const sales: {
    provider: ProviderName;
    id: string;
    item: string;
    amount: string;
    atMs: number;
  }[] = [];
  const provider = z.enum(providers.map(({ name }) => name));
  return {
    calls: {
      read: defineCall(z.object({}), () => ({
        shops: providers.map(({ name, title }) => ({
          name,
          title,
          canRefund: canRefund(name),
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
          const id = shops.sellIn(name, bought);
          const shown = fromMinor(minor, code);
          sales.push({ provider: name, id, item, amount: shown, atMs: clock.nowMs() });
        },
      ),
      refund: defineCall(z.object({ provider, id: text }), ({ provider: name, id }) => {
        shops.refundIn(name, id);
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

/** Whether the provider reports refunds. */
function canRefund(name: ProviderName): boolean {
  const simulator: ShopSimulator<unknown> = simulators[name];
  return simulator.refund !== undefined;
}
