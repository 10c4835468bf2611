import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import { discord, project, retried, small } from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const shippingFunctions = {
  shipping: {
    does: "Answers where somebody's parcels go.",
    ...small,
    trigger: {
      kind: "topic",
      topic: "discord-commands",
      filter: { handler: "shipping" },
      retry: retried,
    },
    publishes: ["dead-letters"],
    settings: [...project, ...discord],
  },
} as const satisfies FunctionRows;
