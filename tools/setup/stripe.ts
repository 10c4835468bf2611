import type Stripe from "stripe";
import type { Addresses } from "../checks/addresses.ts";
import type { AreaReport } from "../checks/report.ts";
import { describeStripe } from "../checks/stripe.ts";
import {
  API_VERSION,
  type EndpointKind,
  endpointFaults,
  endpointKinds,
  endpointMark,
  handledEvents,
  listEndpoints,
  type OwnEndpoint,
  ownEndpoints,
  secretMark,
  strangeEndpoints,
} from "../checks/stripe-endpoints.ts";
import type { SecretKeeper } from "./keep-secrets.ts";

/** What setting up the endpoints needs. */
export interface EndpointSetup {
  readonly stripe: Stripe;
  readonly projectId: string;
  readonly addresses: Addresses;
  readonly keeper: SecretKeeper;
  readonly area: AreaReport;
  /** New endpoints are made beside those that there are, which go on until the next run. */
  readonly isRenewal: boolean;
}

const SECRETS = "STRIPE_WEBHOOK_SECRETS";
const DESCRIPTIONS: Readonly<Record<EndpointKind, string>> = {
  platform: "C500 Live: payments, refunds and disputes",
  connect: "C500 Live: builders' accounts",
};

/**
 * Makes the two webhook endpoints, or what of them is missing or wrong. Stripe shows an endpoint's
 * secret once, so it is kept before anything else is done, and only then the endpoint is marked with
 * its print. One without a print is of a run that died in between: nobody has its secret, so it is
 * deleted and made anew. One of another version, which cannot be changed, or with a print of a secret
 * that is not kept, goes once there is another. Of several the newest stays.
 */
export async function setUpEndpoints(
  known: readonly string[],
  { stripe, projectId, addresses, keeper, area, isRenewal }: EndpointSetup,
): Promise<void> {
  let secrets = [...known];
  try {
    const all = await listEndpoints(stripe);
    for (const kind of endpointKinds) {
      const own = ownEndpoints(all, kind, projectId, secrets);
      const kept = isRenewal ? undefined : own.find(isUsable);
      for (const each of own.filter(({ isMarked }) => !isMarked)) await remove(each);
      if (kept) await fix(kept, kind);
      else if (!(await make(kind))) return;
      if (isRenewal) continue;
      // Functions that run may still know the secrets of these.
      const replaced = own.filter((each) => each !== kept && each.isMarked);
      for (const each of replaced) await remove(each);
    }
    if (isRenewal) {
      area.byHand(
        "the endpoints before these go on until the functions know the new secrets",
        "terraform -chdir=terraform apply, then ./dev setup, which deletes them",
      );
    }
    if (!(await keeper.keep(SECRETS, secrets.join()))) return;
    for (const { id, url } of strangeEndpoints(all, addresses)) {
      area.byHand(
        `${id} sends to ${url} too, but no setup made it`,
        `Delete it at https://dashboard.stripe.com/workbench/webhooks/${id}, unless you know what it is for`,
      );
    }
  } catch (error) {
    area.wrong(
      `the webhook endpoints could not be set up: ${describeStripe(error)}`,
      "A restricted key needs to write webhook endpoints; an account takes 16 of them. Then run this again",
    );
  }

  async function fix({ endpoint }: OwnEndpoint, kind: EndpointKind): Promise<void> {
    const faults = endpointFaults(endpoint, kind, addresses);
    if (faults.length === 0) {
      area.ok(`the ${kind} endpoint ${endpoint.id} sends to ${endpoint.url}`);
      return;
    }
    await stripe.webhookEndpoints.update(endpoint.id, {
      url: addresses.isOurs("stripe", endpoint.url) ? endpoint.url : addresses.direct("stripe"),
      enabled_events: [...handledEvents[kind]],
      disabled: false,
    });
    area.changed(`the ${kind} endpoint ${endpoint.id} was fixed: ${faults.join("; ")}`);
  }

  /** False when its secret could not be kept: then it is taken back, and nothing more is done. */
  async function make(kind: EndpointKind): Promise<boolean> {
    const made = await stripe.webhookEndpoints.create({
      url: addresses.direct("stripe"),
      enabled_events: [...handledEvents[kind]],
      api_version: API_VERSION,
      connect: kind === "connect",
      description: DESCRIPTIONS[kind],
      metadata: endpointMark(kind, projectId),
    });
    const secret = made.secret ?? "";
    const withNew = [...secrets, secret];
    if (!(await keeper.keep(SECRETS, withNew.join()))) {
      await stripe.webhookEndpoints.del(made.id);
      return false;
    }
    secrets = withNew;
    const metadata = { ...endpointMark(kind, projectId), ...secretMark(secret) };
    await stripe.webhookEndpoints.update(made.id, { metadata });
    area.changed(`the ${kind} endpoint ${made.id} was made; it sends to ${made.url}`);
    return true;
  }

  async function remove({ endpoint, secret, isMarked }: OwnEndpoint): Promise<void> {
    await stripe.webhookEndpoints.del(endpoint.id);
    secrets = secrets.filter((each) => each !== secret);
    const why = isMarked ? "another takes its place" : "nobody has its secret";
    area.changed(`the endpoint ${endpoint.id} was deleted: ${why}`);
  }
}

function isUsable({ endpoint, secret }: OwnEndpoint): boolean {
  return secret !== undefined && endpoint.api_version === API_VERSION;
}
