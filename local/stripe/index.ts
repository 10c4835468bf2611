import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { Activity } from "../kit/activity.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import type { InProcessFetch } from "../kit/http/in-process.ts";
import { type Place, serveAt } from "../kit/http/listen.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { StripeActions } from "./actions/index.ts";
import { bookCharge } from "./actions/payments.ts";
import { endInTime } from "./actions/sessions/sessions.ts";
import { serveAccounts } from "./api/accounts.ts";
import { serveCustomers } from "./api/customers.ts";
import { serveRefunds, serveTransfers } from "./api/money.ts";
import { serveDisputes, servePayments } from "./api/payments.ts";
import { serveBalance, serveEvents } from "./api/records.ts";
import { serveSessions } from "./api/sessions.ts";
import { serveShippingRates, serveTaxSettings } from "./api/shipping.ts";
import { serveWebhookEndpoints } from "./api/webhook-endpoints.ts";
import { controlRouter } from "./control.ts";
import { inspect, revisionOf, type StripeInspection } from "./inspection.ts";
import { OnboardingLinks } from "./objects/onboarding-links.ts";
import { dashboardPages, onboardingPages } from "./pages/accounts.ts";
import { checkoutPages } from "./pages/checkout.ts";
import { receiptPages } from "./pages/receipts.ts";
import { authorise } from "./requests/authorise.ts";
import { Calls } from "./requests/calls.ts";
import { IdempotencyKeys } from "./requests/idempotency.ts";
import { StripeError } from "./requests/stripe-error.ts";
import type { StripeTiming } from "./timing.ts";
import { Courier } from "./webhooks/courier.ts";
import { type NewWebhookEndpoint, WebhookEndpoints } from "./webhooks/endpoints.ts";
import { API_VERSION, World } from "./world.ts";

export type { StripeEvent } from "./objects/objects.ts";
export type { NewWebhookEndpoint, StripeTiming };

/** Options of `startStripe`. */
export interface StripeOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** Calls the application's endpoints; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  readonly secretKey: string;
  /** A restricted key, which may read Checkout Sessions and charges. */
  readonly readKey?: string;
  /** State that an earlier run stored and this run continues, including its endpoints. */
  readonly state?: PersistentState | undefined;
  /** The country of the platform's company; "US" by default. */
  readonly platformCountry?: string;
  /** The initial webhook endpoints; connect endpoints receive connected accounts' events. */
  readonly endpoints: readonly NewWebhookEndpoint[];
  /** How long a bank takes to pay a debit; by default it never pays without an action. */
  readonly bankDebitMs?: number;
  /** Delays and fees; none by default. */
  readonly timing?: StripeTiming;
}

/** The running Stripe simulator. An action that is not possible throws an error with the reason. */
export interface StripeSimulator extends StripeActions {
  /**
   * Base URL. The API is below `/v1`, payment pages below `/c/pay`, onboarding below `/setup`, and
   * the actions below `/control`.
   */
  readonly url: string;
  /** What Stripe's Dashboard shows. */
  inspect(): StripeInspection;
  /** Changes with everything that `inspect` lists. */
  revision(): string;
  /** Staff enable or disable a webhook endpoint in the Dashboard. */
  enableEndpoint(endpointId: string, isEnabled: boolean): void;
  stop(): Promise<void>;
  /** Whether no webhook is being delivered; scheduled retries do not count. */
  idle(): boolean;
  /** Resolves when `idle()` is true; immediately if it already is. */
  whenIdle(): Promise<void>;
}

/**
 * Starts the Stripe simulator: Checkout, refunds, transfers, disputes and connected accounts of a
 * test-mode platform, and its signed webhooks. It has no processing fees and no currency exchange,
 * and a connected account's balance never becomes negative. By default all money is available
 * immediately and disputes cost no fee; `timing` changes this. Unsupported parameters are refused
 * as unknown. Planned faults apply to calls by method and path ("POST /v1/refunds") and to webhooks
 * as "deliver refund.created". A call failed with 500 counts as executed, so its idempotency key
 * repeats the 500; other codes are not stored.
 */
export async function startStripe(options: StripeOptions): Promise<StripeSimulator> {
  const { clock, faults, secretKey, readKey } = options;
  const activity = new Activity();
  const nowSeconds = () => Math.floor(clock.nowMs() / 1000);
  const endpoints = new WebhookEndpoints(API_VERSION, nowSeconds);
  const courier = new Courier({ clock, faults, activity, endpoints, fetch: options.fetch });
  const world = new World(clock, options.platformCountry ?? "US", (event) =>
    courier.publish(event),
  );
  world.timing = options.timing ?? {};
  const keys = new IdempotencyKeys(clock);
  const links = new OnboardingLinks(world);
  const { state } = options;
  if (state) for (const part of [endpoints, world, keys, links, courier]) part.persistIn(state);
  state?.onResume(() => {
    for (const { session } of world.sessions.values()) {
      if (session.status === "open") endInTime(world, session);
    }
    for (const charge of world.charges.values()) {
      if (charge.paid && charge.balance_transaction === null) bookCharge(world, charge);
    }
  });
  const isRestored = endpoints.all().length > 0;
  for (const endpoint of isRestored ? [] : options.endpoints) endpoints.addInitial(endpoint);
  const actions = new StripeActions({ world, courier, bankDebitMs: options.bankDebitMs });
  const calls = new Calls({ world, clock, faults, keys });
  serveSessions(calls, world);
  serveCustomers(calls, world);
  serveShippingRates(calls, world);
  serveTaxSettings(calls, world);
  serveAccounts(calls, world, links);
  servePayments(calls, world);
  serveRefunds(calls, world);
  serveTransfers(calls, world);
  serveDisputes(calls, world);
  serveBalance(calls, world);
  serveEvents(calls, world);
  serveWebhookEndpoints(calls, endpoints);

  const app = express().disable("x-powered-by").disable("etag").set("query parser", "extended");
  app.use("/v1", authorise({ secretKey, readKey }), express.urlencoded({ extended: true }));
  app.use("/v1", calls.router);
  app.use("/c/pay", checkoutPages(world, actions));
  app.use("/receipts", receiptPages(world));
  app.use("/setup", onboardingPages(world, links, actions));
  app.use("/express", dashboardPages(world));
  app.use("/control", controlRouter(actions));
  app.use(noSuchCall, errors);
  const service = await serveAt(options, app);
  world.baseUrl = service.url;
  const inspected = { world, courier, endpoints, links };
  return Object.assign(actions, {
    url: service.url,
    inspect: () => inspect(inspected),
    revision: () => revisionOf(inspected),
    enableEndpoint: (id: string, isEnabled: boolean) => {
      endpoints.update(id, { disabled: !isEnabled });
    },
    stop: async () => {
      world.timers.stop();
      courier.stop();
      await service.stop();
    },
    idle: () => activity.idle,
    whenIdle: () => activity.whenIdle(),
  });
}

const noSuchCall: RequestHandler = ({ method, originalUrl }) => {
  const path = originalUrl.split("?", 1)[0];
  throw new StripeError(`Unrecognized request URL (${method}: ${path}).`, { status: 404 });
};

const errors: ErrorRequestHandler = (error, _request, response, _next) => {
  const refusal = error instanceof StripeError ? error : toRefusal(error);
  response.status(refusal.status).json(refusal.toJson());
};

/**
 * Converts an error of the body parser, which has a status, or an unexpected error of the
 * simulator.
 */
function toRefusal(error: { status?: unknown; message?: unknown }): StripeError {
  const status = typeof error.status === "number" ? error.status : 500;
  const type = status >= 500 ? "api_error" : "invalid_request_error";
  return new StripeError(String(error.message), { status, type });
}
