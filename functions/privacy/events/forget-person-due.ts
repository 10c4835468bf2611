import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** The next run of forgetting a user is due. */
export const forgetPersonDue = defineTask({
  queue: "forget-person",
  schema: z.object({ id: z.string(), userId: z.string() }),
});
