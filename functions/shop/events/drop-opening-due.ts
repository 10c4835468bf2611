import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** A draft's time to open has come. */
export const dropOpeningDue = defineTask({
  queue: "drop-opening",
  schema: z.object({ id: z.string(), dropId: z.string() }),
});
