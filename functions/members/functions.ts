import type { FunctionRows } from "../../shared/runtime/function/function-row.ts";
import { project, small, twitch } from "../../shared/runtime/function/row-parts.ts";

/** The deployed functions of this feature. */
export const membersFunctions = {
  "twitch-sign-in": {
    does: "Reads whose channel it is after Twitch's sign-in, keeps no token, and shows the code for `/c500 register`.",
    ...small,
    trigger: { kind: "http", isPublic: true },
    // A sign-in calls Twitch three times: for the token, for the user, and to revoke the token.
    timeoutSeconds: 30,
    publishes: [],
    settings: [...project, ...twitch, "PUBLIC_SITE_URL", "DISCORD_INVITE_URL"],
  },
} as const satisfies FunctionRows;
