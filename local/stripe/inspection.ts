import type { SessionRecord } from "./actions/sessions/sessions.ts";
import { type PendingFunds, PLATFORM } from "./balances.ts";
import type {
  Account,
  Charge,
  Dispute,
  PaymentIntent,
  Refund,
  StripeEvent,
  Transfer,
  WebhookEndpointObject,
} from "./objects/objects.ts";
import type { OnboardingLinks, OpenLink } from "./objects/onboarding-links.ts";
import type { Customer, DeletedCustomer } from "./objects/session-objects.ts";
import type { Attempt, Courier } from "./webhooks/courier.ts";
import type { WebhookEndpoints } from "./webhooks/endpoints.ts";
import type { World } from "./world.ts";

/** The balance of an owner in one currency, in minor units. */
export interface ShownBalance {
  /** "platform" or an account's id. */
  readonly owner: string;
  readonly currency: string;
  readonly available: number;
  /** What becomes available later, soonest first. */
  readonly pending: readonly PendingFunds[];
}

/** What Stripe's Dashboard shows; lists are oldest first. */
export interface StripeInspection {
  readonly sessions: readonly SessionRecord[];
  readonly intents: readonly PaymentIntent[];
  readonly charges: readonly Charge[];
  readonly customers: readonly (Customer | DeletedCustomer)[];
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
  readonly accounts: readonly Account[];
  /** Accounts that have revoked the platform's access. */
  readonly deauthorized: ReadonlySet<string>;
  readonly transfers: readonly Transfer[];
  readonly onboardingLinks: readonly OpenLink[];
  readonly balances: readonly ShownBalance[];
  readonly events: readonly StripeEvent[];
  readonly attempts: readonly Attempt[];
  readonly endpoints: readonly (WebhookEndpointObject & { readonly isConnect: boolean })[];
}

/** What is inspected. */
export interface Inspected {
  readonly world: World;
  readonly courier: Courier;
  readonly endpoints: WebhookEndpoints;
  readonly links: OnboardingLinks;
}

/** Lists everything that the Dashboard shows. */
export function inspect({ world, courier, endpoints, links }: Inspected): StripeInspection {
  const all = <T>(objects: ReadonlyMap<string, T>) => [...objects.values()];
  return {
    sessions: all(world.sessions),
    intents: all(world.paymentIntents),
    charges: all(world.charges),
    customers: all(world.customers),
    refunds: all(world.refunds),
    disputes: all(world.disputes),
    accounts: all(world.accounts),
    deauthorized: world.deauthorized,
    transfers: all(world.transfers),
    onboardingLinks: links.open(),
    balances: balancesOf(world),
    events: all(world.events),
    attempts: courier.attempts(),
    endpoints: endpoints.all().map(({ shown, connect }) => ({ ...shown, isConnect: connect })),
  };
}

/** Changes with everything that `inspect` lists. */
export function revisionOf({ world, courier, endpoints, links }: Inspected): string {
  const { events, sessions, accounts, transfers, reversals, customers, balances } = world;
  const sizes = [events, sessions, accounts, transfers, reversals, customers].map(
    ({ size }) => size,
  );
  const enabled = endpoints.all().map(({ shown }) => shown.status);
  return [...sizes, balances.revision, courier.revision, links.open().length, enabled].join();
}

function balancesOf({ balances, accounts }: World): ShownBalance[] {
  const owners = [PLATFORM, ...accounts.keys()];
  return owners.flatMap((owner) =>
    Object.keys(balances.all(owner)).map((currency) => ({
      owner,
      currency,
      available: balances.available(owner, currency),
      pending: balances.pendingParts(owner, currency),
    })),
  );
}
