import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

const lobby = z.object({ id: z.string(), lobbyId: z.string() });
const window = z.object({
  id: z.string(),
  lobbyId: z.string(),
  /** When the window was to close as the task was made; one that goes on has others. */
  closesAtMs: z.number(),
  step: z.enum(["warn", "close"]),
});

/** A lobby's messages are to show what is true now. */
export const raceBoardDue = defineTask({
  queue: "race-board",
  schema: lobby,
});

/** A commission window that nobody has closed ends, or its host is warned that it will. */
export const windowCloseDue = defineTask({
  queue: "window-close",
  schema: window,
});

/** Racers are to be notified of what a refund took of their shares, or of what can be paid out now. */
export const raceNoticeDue = defineTask({
  queue: "race-notice",
  schema: z.object({
    id: z.string(),
    notice: z.union([
      z.object({ kind: z.literal("clawback"), saleId: z.string(), refundId: z.string() }),
      /** Of the shares of a lobby that become available in the hour before `untilMs`. */
      z.object({ kind: z.literal("release"), lobbyId: z.string(), untilMs: z.number() }),
    ]),
  }),
});
