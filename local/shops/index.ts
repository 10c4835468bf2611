import express from "express";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { type Place, serveAt } from "../kit/http.ts";
import type { InProcessFetch } from "../kit/in-process.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { controlRouter } from "./control.ts";
import { type Attempt, Courier } from "./courier.ts";
import { Kofi, type KofiEndpoint } from "./kofi.ts";
import { Shopify, type ShopifyEndpoint } from "./shopify.ts";

/** What the started shops are given. */
export interface ShopsOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly kofi: KofiEndpoint;
  readonly shopify: ShopifyEndpoint;
  /** The state that an earlier run left and a later one continues. */
  readonly state?: PersistentState | undefined;
  /** How it calls endpoints of ours; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
}

/** A Ko-fi page and a Shopify shop, simulated. */
export interface ShopsSimulator {
  /** The actions are below `/control`. */
  readonly url: string;
  readonly kofi: Kofi;
  readonly shopify: Shopify;
  /** Sends a webhook once more, as it was: Ko-fi's by its message's id, Shopify's by its own. */
  repeat(id: string): Promise<Attempt["result"]>;
  /** Every try of a webhook, oldest first. */
  attempts(): Attempt[];
  stop(): Promise<void>;
  /** No webhook is on its way: what there is waits for its time. */
  idle(): boolean;
  /** Resolves when `idle()` holds; at once when it does. */
  whenIdle(): Promise<void>;
}

/**
 * Starts a Ko-fi page and a Shopify shop that tell us of their sales and send again what was not
 * taken: Ko-fi a few times, Shopify eight times over four hours, after which it tells nothing of that
 * topic any more. Faults strike webhooks as "deliver kofi Donation" or "deliver shopify orders/paid".
 */
export async function startShops(options: ShopsOptions): Promise<ShopsSimulator> {
  const { clock, faults } = options;
  const courier = new Courier(clock, faults, options.fetch);
  const kofi = new Kofi(clock, courier, options.kofi);
  const shopify = new Shopify(clock, courier, options.shopify);
  if (options.state) for (const part of [courier, shopify]) part.persistIn(options.state);
  const app = express().disable("x-powered-by").disable("etag");
  app.use("/control", controlRouter({ kofi, shopify, courier }));
  const service = await serveAt(options, app);
  return {
    url: service.url,
    kofi,
    shopify,
    repeat: (id) => courier.repeat(id),
    attempts: () => courier.attempts(),
    stop: async () => {
      courier.stop();
      await service.stop();
    },
    idle: () => courier.activity.idle,
    whenIdle: () => courier.activity.whenIdle(),
  };
}
