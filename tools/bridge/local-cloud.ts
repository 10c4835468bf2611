import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { systemClock } from "../../shared/runtime/clock.ts";
import { BridgeError } from "./bridge-error.ts";

const ENDPOINTS = ".local/endpoints.json";

const endpointsFile = z.object({
  control: z.url(),
  functions: z.object({ "twitch-webhook": z.url() }),
  services: z.object({ twitchApi: z.optional(z.string()) }),
  settings: z.object({ TWITCH_EVENTSUB_SECRET: z.string() }),
});

/** The local cloud that `./dev up` runs in this folder, as far as the bridge deals with it. */
export interface LocalCloud {
  readonly webhookUrl: string;
  readonly secret: string;
  /** Its time, which may have been moved on. */
  readonly nowMs: number;
  /** The Helix of its Twitch, which may be the real one. */
  readonly twitchApi: string | undefined;
}

/** Finds the running local cloud, anew each time: it may have been started again. Throws BridgeError. */
export async function findLocalCloud(): Promise<LocalCloud> {
  try {
    const endpoints = endpointsFile.parse(JSON.parse(readFileSync(ENDPOINTS, "utf8")));
    const clock = await fetch(`${endpoints.control}/clock`, { signal: AbortSignal.timeout(5000) });
    const { nowMs } = z.object({ nowMs: z.number() }).parse(await clock.json());
    return {
      webhookUrl: endpoints.functions["twitch-webhook"],
      secret: endpoints.settings.TWITCH_EVENTSUB_SECRET,
      nowMs,
      twitchApi: endpoints.services.twitchApi,
    };
  } catch (error) {
    throw new BridgeError(
      "The local cloud does not run in this folder. Start it with ./dev up in another terminal and leave it running.",
      { cause: error },
    );
  }
}

/** What is true of a channel wherever it is asked for. */
export interface Channel {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
}

/** Makes a real channel known to the local Twitch, so that its owner can register with it. */
export async function introduce(
  channel: Channel,
  { twitchApi }: Pick<LocalCloud, "twitchApi">,
): Promise<void> {
  if (!twitchApi || !isOnThisMachine(twitchApi)) return;
  const answer = await fetch(`${new URL(twitchApi).origin}/control/users`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      id: channel.id,
      login: channel.login,
      display_name: channel.displayName,
    }),
  });
  if (answer.ok) return;
  throw new BridgeError(
    `The local Twitch has another channel with the name ${channel.login}. Start ./dev up again.`,
  );
}

function isOnThisMachine(url: string): boolean {
  return ["127.0.0.1", "localhost"].includes(new URL(url).hostname);
}

/** The machine's time, for what real Twitch says of times. */
export const realNowMs = (): number => systemClock.now().getTime();
