import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import {
  discord,
  patient,
  project,
  redis,
  small,
  stripe,
  tasks,
  twitch,
} from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const privacyFunctions = {
  "forget-person": {
    does: "Forgets someone who asked for it, step by step, and goes through it again an hour later.",
    ...small,
    trigger: { kind: "queue", retry: patient },
    timeoutSeconds: 300,
    publishes: ["dead-letters"],
    enqueues: ["drop-board", "forget-person"],
    settings: [
      ...project,
      ...discord,
      ...twitch,
      ...tasks,
      ...redis,
      ...stripe,
      "FORGOTTEN_KEY",
      "PAYOUT_THRESHOLD",
      "FUNCTIONS_BASE_URL",
    ],
  },
} as const satisfies FunctionRows;
