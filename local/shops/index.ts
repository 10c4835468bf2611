import express, { type Router } from "express";
import { simulators } from "../../functions/races/providers/simulators.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import type { InProcessFetch } from "../kit/http/in-process.ts";
import { type Place, serveAt } from "../kit/http/listen.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { controlRouter } from "./control.ts";
import { type Attempt, Courier } from "./courier.ts";
import type { ShopContext, ShopPurchase, ShopSimulator } from "./simulator.ts";

/** What the started shops are given. */
export interface ShopsOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** Where their webhooks go; each provider's name comes after it. */
  readonly webhookUrl: string;
  /** The settings that they share with the functions, by name. */
  readonly settings: ShopContext["settings"];
  /** The state that an earlier run left and a later one continues. */
  readonly state?: PersistentState | undefined;
  /** How it calls endpoints of ours; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
}

/** The shop of each provider. */
type Shops = {
  readonly [Name in keyof typeof simulators]: ReturnType<(typeof simulators)[Name]["open"]>;
};

type ShopName = keyof typeof simulators;

/** The names of the shops, which are those of their providers. */
export const shopNames = Object.keys(simulators) as ShopName[];

/** A shop at each provider, simulated. */
export interface ShopsSimulator extends Shops {
  /** Someone buys one thing in a shop; returns the sale's number there. `more` has other fields of that shop's sale. */
  sellIn(name: ShopName, purchase: ShopPurchase, more?: object): string;
  /** Refunds a whole sale. Throws where the provider reports no refunds. */
  refundIn(name: ShopName, saleNumber: string): void;
  /** The actions are below `/control`. */
  readonly url: string;
  /** Sends a webhook once more, as it was: Ko-fi's by its message's id, others by their own. */
  repeat(id: string): Promise<Attempt["result"]>;
  /** Sends a webhook as somebody would who does not know the shop's secret. */
  repeatForged(id: string): Promise<Attempt["result"]>;
  /** Increases with every try of a webhook. */
  revision(): number;
  /** Every try of a webhook, oldest first. */
  attempts(): Attempt[];
  stop(): Promise<void>;
  /** No webhook is on its way: what there is waits for its time. */
  idle(): boolean;
  /** Resolves when `idle()` holds; at once when it does. */
  whenIdle(): Promise<void>;
}

/**
 * Starts a shop at each provider, which report their sales to us as that provider does. Faults strike webhooks as
 * "deliver kofi Donation" or "deliver shopify orders/paid".
 */
export async function startShops(options: ShopsOptions): Promise<ShopsSimulator> {
  const { clock, faults, state, settings, webhookUrl } = options;
  const courier = new Courier(clock, faults, options.fetch);
  if (state) courier.persistIn(state);
  const opened = Object.entries(simulators).map(([name, simulator]) => {
    const url = `${webhookUrl}/${name}`;
    return { name, ...open(simulator, { clock, courier, url, settings, state }) };
  });
  const shops = Object.fromEntries(opened.map(({ name, shop }) => [name, shop])) as Shops;
  const routers = Object.fromEntries(opened.map(({ name, router }) => [name, router]));
  const app = express().disable("x-powered-by").disable("etag");
  app.use("/control", controlRouter(courier, routers));
  const service = await serveAt(options, app);
  return {
    ...shops,
    sellIn: (name, purchase, more) => simulatorOf(name).sell(shops[name], purchase, more),
    refundIn(name, saleNumber) {
      const { refund } = simulatorOf(name);
      if (!refund) throw new Error(`${name} reports no refunds.`);
      refund(shops[name], saleNumber);
    },
    url: service.url,
    repeat: (id) => courier.repeat(id),
    repeatForged: (id) => courier.repeatForged(id, Object.values(settings)),
    revision: () => courier.revision,
    attempts: () => courier.attempts(),
    stop: async () => {
      courier.stop();
      await service.stop();
    },
    idle: () => courier.activity.idle,
    whenIdle: () => courier.activity.whenIdle(),
  };
}

/**
 * What the shops share with the functions: made anew, but for what is given. `derive` makes a secret for a purpose
 * without drawing anything.
 */
export function makeShopSettings(
  given: Readonly<Record<string, string | undefined>>,
  derive: (purpose: string) => string,
): Record<string, string> {
  const made = Object.values(simulators).flatMap((simulator) =>
    Object.entries(simulator.makeSettings(derive)),
  );
  return Object.fromEntries(made.map(([name, value]) => [name, given[name] || value]));
}

function simulatorOf(name: ShopName): ShopSimulator<unknown> {
  return simulators[name];
}

function open(
  simulator: ShopSimulator<unknown>,
  context: ShopContext,
): { readonly shop: unknown; readonly router: Router } {
  const shop = simulator.open(context);
  const router = express.Router();
  simulator.control(router, shop);
  return { shop, router };
}
