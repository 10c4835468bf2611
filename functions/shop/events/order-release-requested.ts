import * as z from "zod/mini";
import { defineEvent } from "../../../shared/events/define-event.ts";

/** An order's held money may go to its builder: it was proved, unfrozen, or the account is ready. */
export const orderReleaseRequested = defineEvent({
  topic: "order-releases",
  schema: z.object({ id: z.string(), orderId: z.string() }),
});
