import { connectGoogle } from "../../shared/clients/google.ts";

/** How an instance of a function reaches everything outside of it. */
export type Connect = typeof connectGoogle;

/** Connects to Google's services or their emulators, and to everything else by the given `fetch`. */
export function connectBy(call: typeof fetch): Connect {
  return (config, publishDeadlineMs) => ({
    ...connectGoogle(config, publishDeadlineMs),
    fetch: call,
  });
}
