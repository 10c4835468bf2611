import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  discord,
  project,
  redis,
  retried,
  small,
} from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const fulfilmentFunctions = {
  fulfilment: {
    does: "Marks parcels as sent and as arrived, and answers what buyers and builders ask about them.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "fulfilment" },
      retry: retried,
    },
    publishes: ["notices", "dead-letters"],
    settings: [...project, ...discord, ...redis],
  },
} as const satisfies FunctionRows;
