import * as z from "zod/mini";
import { disputeChanges, disputeOf, updateDispute } from "../actions/disputes.ts";
import type { Calls } from "../requests/calls.ts";
import { created, isCreated, page, paging } from "../requests/lists.ts";
import { text } from "../requests/parameters.ts";
import { noSuch } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";

const nothing = z.strictObject({});
const id = z.optional(text());

/** Reading https://docs.stripe.com/api/payment_intents and https://docs.stripe.com/api/charges. */
export function servePayments(calls: Calls, world: World): void {
  calls.get("/payment_intents/:id", {
    schema: nothing,
    handle: (call) => {
      const intent = world.paymentIntents.get(call.id);
      if (!intent) throw noSuch("payment_intent", call.id, "intent");
      return intent;
    },
  });
  calls.get("/payment_intents", {
    schema: z.strictObject({ ...paging, created }),
    handle: ({ path, parameters }) => {
      const intents = [...world.paymentIntents.values()];
      const found = intents.filter((intent) => isCreated(intent.created, parameters.created));
      return page(found, parameters, path);
    },
  });
  calls.get("/charges/:id", {
    schema: nothing,
    handle: (call) => {
      const charge = world.charges.get(call.id);
      if (!charge) throw noSuch("charge", call.id);
      return charge;
    },
  });
  calls.get("/charges", {
    schema: z.strictObject({ ...paging, created, payment_intent: id, transfer_group: id }),
    handle: ({ path, parameters }) => {
      const { payment_intent: intent, transfer_group: group, created: when } = parameters;
      const found = [...world.charges.values()].filter(
        (charge) =>
          isCreated(charge.created, when) &&
          (intent === undefined || charge.payment_intent === intent) &&
          (group === undefined || charge.transfer_group === group),
      );
      return page(found, parameters, path);
    },
  });
}

/** https://docs.stripe.com/api/disputes */
export function serveDisputes(calls: Calls, world: World): void {
  calls.get("/disputes/:id", { schema: nothing, handle: (call) => disputeOf(world, call.id) });
  calls.post("/disputes/:id", {
    schema: disputeChanges,
    handle: (call) => updateDispute(world, call.id, call.parameters),
  });
  calls.get("/disputes", {
    schema: z.strictObject({ ...paging, created, charge: id, payment_intent: id }),
    handle: ({ path, parameters }) => {
      const { charge, payment_intent: intent, created: when } = parameters;
      const found = [...world.disputes.values()].filter(
        (dispute) =>
          isCreated(dispute.created, when) &&
          (charge === undefined || dispute.charge === charge) &&
          (intent === undefined || dispute.payment_intent === intent),
      );
      return page(found, parameters, path);
    },
  });
}
