import * as z from "zod/mini";
import { createRefund, refundOf, refundParameters, updateRefund } from "../actions/refunds.ts";
import {
  createReversal,
  createTransfer,
  reversalParameters,
  transferOf,
  transferParameters,
} from "../actions/transfers.ts";
import type { Calls } from "../requests/calls.ts";
import { created, isCreated, page, paging } from "../requests/lists.ts";
import { mergeMetadata, metadata, text } from "../requests/parameters.ts";
import { change, type World } from "../world.ts";

const nothing = z.strictObject({});
const metadataOnly = z.strictObject({ metadata: z.optional(metadata) });
const id = z.optional(text());

/** https://docs.stripe.com/api/refunds */
export function serveRefunds(calls: Calls, world: World): void {
  calls.post("/refunds", {
    schema: refundParameters,
    handle: ({ parameters }) => createRefund(world, parameters),
  });
  calls.get("/refunds/:id", { schema: nothing, handle: (call) => refundOf(world, call.id) });
  calls.post("/refunds/:id", {
    schema: metadataOnly,
    handle: (call) => {
      const refund = refundOf(world, call.id);
      const merged = mergeMetadata(refund.metadata, call.parameters.metadata);
      return updateRefund(world, refund, { metadata: merged });
    },
  });
  calls.get("/refunds", {
    schema: z.strictObject({ ...paging, created, charge: id, payment_intent: id }),
    handle: ({ path, parameters }) => {
      const { charge, payment_intent: intent, created: when } = parameters;
      const found = [...world.refunds.values()].filter(
        (refund) =>
          isCreated(refund.created, when) &&
          (charge === undefined || refund.charge === charge) &&
          (intent === undefined || refund.payment_intent === intent),
      );
      return page(found, parameters, path);
    },
  });
}

/** https://docs.stripe.com/api/transfers and their reversals. */
export function serveTransfers(calls: Calls, world: World): void {
  calls.post("/transfers", {
    schema: transferParameters,
    handle: ({ parameters }) => createTransfer(world, parameters),
  });
  calls.get("/transfers/:id", { schema: nothing, handle: (call) => transferOf(world, call.id) });
  calls.post("/transfers/:id", {
    schema: z.strictObject({ description: z.optional(text()), metadata: z.optional(metadata) }),
    handle: (call) => {
      const transfer = transferOf(world, call.id);
      const previous = change(transfer, {
        description: call.parameters.description ?? transfer.description,
        metadata: mergeMetadata(transfer.metadata, call.parameters.metadata),
      });
      world.emit("transfer.updated", transfer, { previous });
      return transfer;
    },
  });
  calls.get("/transfers", {
    schema: z.strictObject({ ...paging, created, destination: id, transfer_group: id }),
    handle: ({ path, parameters }) => {
      const { destination, transfer_group: group, created: when } = parameters;
      const found = [...world.transfers.values()].filter(
        (transfer) =>
          (destination === undefined || transfer.destination === destination) &&
          (group === undefined || transfer.transfer_group === group) &&
          isCreated(transfer.created, when),
      );
      return page(found, parameters, path);
    },
  });
  calls.post("/transfers/:id/reversals", {
    schema: reversalParameters,
    handle: (call) => createReversal(world, call.id, call.parameters),
  });
  calls.get("/transfers/:id/reversals", {
    schema: z.strictObject(paging),
    handle: (call) => {
      const transfer = transferOf(world, call.id);
      const reversals = [...world.reversals.values()];
      const found = reversals.filter((reversal) => reversal.transfer === transfer.id);
      return page(found, call.parameters, call.path);
    },
  });
}
