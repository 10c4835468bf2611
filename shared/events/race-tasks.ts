import * as z from "zod/mini";
import { defineTask } from "./define-event.ts";

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
