import { goingLive, liveCommand } from "./live.ts";

/** The command for going live. */
export const goingLiveDefinitions = [liveCommand] as const;

/** What it does. */
export const goingLiveActions = [goingLive] as const;
