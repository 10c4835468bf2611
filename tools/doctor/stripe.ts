import type Stripe from "stripe";
import type { Addresses } from "./checks/addresses.ts";
import type { AreaReport } from "./checks/report.ts";
import { describeStripe } from "./checks/stripe/account.ts";
import {
  API_VERSION,
  endpointFaults,
  endpointKinds,
  listEndpoints,
  ownEndpoints,
  strangeEndpoints,
} from "./checks/stripe/endpoints.ts";

/** The installation whose endpoints are checked, and its secrets. */
interface Installation {
  readonly projectId: string;
  readonly secrets: readonly string[];
  readonly addresses: Addresses;
}

const REMEDY = "Run ./dev setup, then terraform -chdir=terraform apply";

/** Checks the webhook endpoints: existing, enabled, with our events and version, and their secrets stored. */
export async function checkWebhooks(
  stripe: Stripe,
  { projectId, secrets, addresses }: Installation,
  area: AreaReport,
): Promise<void> {
  try {
    const all = await listEndpoints(stripe);
    for (const kind of endpointKinds) {
      const own = ownEndpoints(all, kind, projectId, secrets);
      if (own.length === 0) area.wrong(`the ${kind} endpoint is missing`, REMEDY);
      for (const { endpoint, secret } of own) {
        const version = endpoint.api_version ?? "the account's";
        const faults = [
          ...endpointFaults(endpoint, kind, addresses),
          ...(secret === undefined ? ["its secret is not stored"] : []),
          ...(version === API_VERSION ? [] : [`its version is ${version}, not ${API_VERSION}`]),
        ];
        area.check(
          faults.length === 0,
          `the ${kind} endpoint ${endpoint.id} is enabled, with our events and version`,
          `the ${kind} endpoint ${endpoint.id}: ${faults.join("; ")}`,
          REMEDY,
        );
      }
    }
    for (const { id, url } of strangeEndpoints(all, addresses)) {
      area.byHand(
        `${id} sends to ${url} too, but no setup created it`,
        `Delete it at https://dashboard.stripe.com/workbench/webhooks/${id}, unless you know what it is for`,
      );
    }
  } catch (error) {
    area.wrong(
      `the webhook endpoints cannot be read: ${describeStripe(error)}`,
      "A restricted key needs to read webhook endpoints",
    );
  }
}
