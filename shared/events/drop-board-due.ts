import * as z from "zod/mini";
import type { TaskDefinition } from "./define-event.ts";

const schema = z.object({ id: z.string(), dropId: z.string() });

/** A drop's post in the marketplace is to show what is true now. */
export const dropBoardDue: TaskDefinition<z.infer<typeof schema>> = { queue: "drop-board", schema };
