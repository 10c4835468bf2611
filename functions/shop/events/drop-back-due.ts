import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** A drop that people wait for has units again: some of them are to be notified. */
export const dropBackDue = defineTask({
  queue: "drop-back",
  schema: z.object({ id: z.string(), dropId: z.string() }),
});
