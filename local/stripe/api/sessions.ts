import * as z from "zod/mini";
import { sessionParameters } from "../actions/sessions/session-parameters.ts";
import { createSession, expireSession, sessionRecord } from "../actions/sessions/sessions.ts";
import type { Calls } from "../requests/calls.ts";
import { created, isCreated, page, paging } from "../requests/lists.ts";
import { mergeMetadata, metadata, text } from "../requests/parameters.ts";
import { change, type World } from "../world.ts";

const nothing = z.strictObject({});

/** https://docs.stripe.com/api/checkout/sessions */
export function serveSessions(calls: Calls, world: World): void {
  calls.post("/checkout/sessions", {
    schema: sessionParameters,
    handle: ({ parameters }) => createSession(world, parameters),
  });
  calls.get("/checkout/sessions/:id", {
    schema: nothing,
    handle: ({ id }) => sessionRecord(world, id).session,
  });
  calls.post("/checkout/sessions/:id", {
    schema: z.strictObject({ metadata: z.optional(metadata) }),
    handle: ({ id, parameters }) => {
      const { session } = sessionRecord(world, id);
      change(session, { metadata: mergeMetadata(session.metadata, parameters.metadata) });
      return session;
    },
  });
  calls.post("/checkout/sessions/:id/expire", {
    schema: nothing,
    handle: ({ id }) => expireSession(world, id),
  });
  calls.get("/checkout/sessions/:id/line_items", {
    schema: z.strictObject(paging),
    handle: ({ id, path, parameters }) =>
      page([...sessionRecord(world, id).lineItems].reverse(), parameters, path),
  });
  calls.get("/checkout/sessions", {
    schema: z.strictObject({
      ...paging,
      created,
      customer: z.optional(text()),
      payment_intent: z.optional(text()),
      status: z.optional(z.enum(["open", "complete", "expired"])),
    }),
    handle: ({ path, parameters }) => {
      const { customer, payment_intent: intent, status, created: when } = parameters;
      const found = [...world.sessions.values()]
        .map(({ session }) => session)
        .filter(
          (session) =>
            isCreated(session.created, when) &&
            (customer === undefined || session.customer === customer) &&
            (intent === undefined || session.payment_intent === intent) &&
            (status === undefined || session.status === status),
        );
      return page(found, parameters, path);
    },
  });
}
