import type { FunctionRows } from "../../shared/runtime/function-row.ts";
import { project, small, twitch } from "../../shared/runtime/row-parts.ts";

/** The deployed functions of this feature. */
export const membersFunctions = {
  "twitch-sign-in": {
    ...small,
    trigger: { kind: "http", isPublic: true },
    // Twitch is asked for the token, whose it is, and to end it.
    timeoutSeconds: 30,
    publishes: [],
    settings: [...project, ...twitch, "PUBLIC_SITE_URL"],
  },
} as const satisfies FunctionRows;
