import * as z from "zod/mini";
import type { TaskDefinition } from "./define-event.ts";

const schema = z.object({ id: z.string(), userId: z.string() });

/** Someone is to be forgotten, or what was begun of it is to be gone on with. */
export const forgetPersonDue: TaskDefinition<z.infer<typeof schema>> = {
  queue: "forget-person",
  schema,
};
