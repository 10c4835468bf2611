import * as z from "zod/mini";
import type { Calls } from "../requests/calls.ts";
import { page, paging } from "../requests/lists.ts";
import {
  endpointChanges,
  endpointParameters,
  type WebhookEndpoints,
} from "../webhooks/endpoints.ts";

const nothing = z.strictObject({});

/** https://docs.stripe.com/api/webhook_endpoints */
export function serveWebhookEndpoints(calls: Calls, endpoints: WebhookEndpoints): void {
  calls.post("/webhook_endpoints", {
    schema: endpointParameters,
    handle: ({ parameters }) => endpoints.create(parameters),
  });
  calls.get("/webhook_endpoints", {
    schema: z.strictObject(paging),
    handle: ({ parameters, path }) => {
      const all = endpoints.all().map(({ shown }) => shown);
      return page(all, parameters, path);
    },
  });
  calls.get("/webhook_endpoints/:id", {
    schema: nothing,
    handle: ({ id }) => endpoints.get(id).shown,
  });
  calls.post("/webhook_endpoints/:id", {
    schema: endpointChanges,
    handle: ({ id, parameters }) => endpoints.update(id, parameters),
  });
  calls.delete("/webhook_endpoints/:id", {
    schema: nothing,
    handle: ({ id }) => endpoints.delete(id),
  });
}
