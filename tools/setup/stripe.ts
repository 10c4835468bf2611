import type Stripe from "stripe";
import type { Addresses } from "../doctor/checks/addresses.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import { describeStripe } from "../doctor/checks/stripe/account.ts";
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
} from "../doctor/checks/stripe/endpoints.ts";
import type { SecretKeeper } from "./keep-secrets.ts";

/** What setting up the endpoints needs. */
export interface EndpointSetup {
  readonly stripe: Stripe;
  readonly projectId: string;
  readonly addresses: Addresses;
  readonly keeper: SecretKeeper;
  readonly area: AreaReport;
  /** Creates new endpoints beside the existing ones, which stay until the next run. */
  readonly isRenewal: boolean;
}

const SECRETS = "STRIPE_WEBHOOK_SECRETS";
const DESCRIPTIONS: Readonly<Record<EndpointKind, string>> = {
  platform: "C500 Live: payments, refunds and disputes",
  connect: "C500 Live: builders' accounts",
};

/**
 * Creates the two webhook endpoints if they are missing, and fixes them if they are wrong. Stripe shows an
 * endpoint's secret only once, so the secret is stored first, and only then the endpoint is marked with the
 * secret's fingerprint. An endpoint without a fingerprint comes from a run that crashed in between: nobody has
 * its secret, so it is deleted and replaced. An endpoint of another API version, which cannot be changed, or with
 * the fingerprint of a secret that is not stored, is deleted once its replacement exists. Of several endpoints
 * of one kind, the newest stays.
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
      const usable = isRenewal ? undefined : own.find(isUsable);
      for (const each of own.filter(({ isMarked }) => !isMarked)) await remove(each);
      if (usable) await fix(usable, kind);
      else if (!(await make(kind))) return;
      if (isRenewal) continue;
      // Running functions may still know only the secrets of these.
      const replaced = own.filter((each) => each !== usable && each.isMarked);
      for (const each of replaced) await remove(each);
    }
    if (isRenewal) {
      area.byHand(
        "the old endpoints stay until the functions know the new secrets",
        "terraform -chdir=terraform apply, then ./dev setup, which deletes them",
      );
    }
    if (!(await keeper.keep(SECRETS, secrets.join()))) return;
    for (const { id, url } of strangeEndpoints(all, addresses)) {
      area.byHand(
        `${id} sends to ${url} too, but no setup created it`,
        `Delete it at https://dashboard.stripe.com/workbench/webhooks/${id}, unless you know what it is for`,
      );
    }
  } catch (error) {
    area.wrong(
      `the webhook endpoints could not be set up: ${describeStripe(error)}`,
      "A restricted key needs permission to write webhook endpoints, and an account can have 16 of them. Check both, then run this again",
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

  /** Returns false if the secret could not be stored: the endpoint is then deleted, and setup stops here. */
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
    area.changed(`the ${kind} endpoint ${made.id} was created; it sends to ${made.url}`);
    return true;
  }

  async function remove({ endpoint, secret, isMarked }: OwnEndpoint): Promise<void> {
    await stripe.webhookEndpoints.del(endpoint.id);
    secrets = secrets.filter((each) => each !== secret);
    const why = isMarked ? "another one replaces it" : "its secret was not stored";
    area.changed(`the endpoint ${endpoint.id} was deleted: ${why}`);
  }
}

function isUsable({ endpoint, secret }: OwnEndpoint): boolean {
  return secret !== undefined && endpoint.api_version === API_VERSION;
}
