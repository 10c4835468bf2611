import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** A drop's post in the marketplace is to show what is true now. */
export const dropBoardDue = defineTask({
  queue: "drop-board",
  schema: z.object({ id: z.string(), dropId: z.string() }),
});
