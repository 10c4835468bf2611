import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** Someone is to be forgotten, or what was begun of it is to be gone on with. */
export const forgetPersonDue = defineTask({
  queue: "forget-person",
  schema: z.object({ id: z.string(), userId: z.string() }),
});
