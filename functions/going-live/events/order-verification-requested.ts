import * as z from "zod/mini";
import { defineEvent } from "../../../shared/events/define-event.ts";
import { streamSchema } from "../../../shared/twitch/stream.ts";

/** A builder went live with this order: one message for each order, so a bad one stops no other. */
export const orderVerificationRequested = defineEvent({
  topic: "order-verifications",
  schema: z.object({
    id: z.string(),
    goLiveId: z.string(),
    orderId: z.string(),
    builderId: z.string(),
    stream: streamSchema,
    verifiedAtMs: z.number(),
  }),
});

export type OrderVerification = z.infer<typeof orderVerificationRequested.schema>;
