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

/** The local cloud that `./dev up` runs in this folder, as far as the bridge needs it. */
export interface LocalCloud {
  readonly webhookUrl: string;
  readonly secret: string;
  /** Its time, which may be ahead of the machine's. */
  readonly nowMs: number;
  /** The Helix API it uses: its Twitch simulator's, or the real one. */
  readonly twitchApi: string | undefined;
}

/** Finds the running local cloud. Looks each time, since it may have been restarted. Throws BridgeError. */
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
      "The local cloud is not running in this folder. Start it with ./dev up in another terminal and leave it running.",
      { cause: error },
    );
  }
}

/** A channel's identity, the same at the real Twitch and in the simulator. */
export interface Channel {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
}

/** Adds a real channel to the Twitch simulator, so that its owner can register with it. */
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
    `The Twitch simulator has another channel named ${channel.login}. Restart ./dev up.`,
  );
}

function isOnThisMachine(url: string): boolean {
  return ["127.0.0.1", "localhost"].includes(new URL(url).hostname);
}

/** The machine's time, for times that the real Twitch sends. */
export const realNowMs = (): number => systemClock.now().getTime();
