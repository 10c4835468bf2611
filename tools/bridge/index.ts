import { environment, loadConfig } from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { openBridge } from "./bridge.ts";
import { BridgeError } from "./bridge-error.ts";
import { connectHelix } from "./helix.ts";
import { type Channel, findLocalCloud, introduce } from "./local-cloud.ts";
import { openUserToken } from "./user-token.ts";

const USAGE = `TWITCH_CLIENT_ID=… ./dev bridge CHANNEL [CHANNEL [CHANNEL]]

Brings what really happens on Twitch to the local cloud: while ./dev up runs in this folder, every
beginning and end of the channels' streams goes to its twitch-webhook. The id is that of an
application at https://dev.twitch.tv/console/apps (client type Public, or Confidential with
TWITCH_CLIENT_SECRET too). The first time it shows a page on which you allow it; the token stays in
.local/twitch-token.json. Ctrl+C ends it.
`;
const SOCKET_URL = "wss://eventsub.wss.twitch.tv/ws";
/** One person may have so many connections, and each channel has its own. */
const MAX_CHANNELS = 3;

const say = (line: string) => process.stdout.write(`${line}\n`);
const end = (code: number) => process.exit(code);
const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof BridgeError ? error.message : describeError(error)}\n`);
  end(1);
};

process.once("SIGINT", () => end(0));
process.once("SIGTERM", () => end(0));
await start(process.argv.slice(2)).catch(fail);

async function start(names: readonly string[]): Promise<void> {
  const clientId = environment["TWITCH_CLIENT_ID"];
  if (!clientId || names.length === 0 || names.length > MAX_CHANNELS) {
    process.stderr.write(USAGE);
    end(2);
    return;
  }
  const cloud = await findLocalCloud();
  const config = loadConfig(environment, ["TWITCH_API_BASE_URL", "TWITCH_AUTH_BASE_URL"]);
  const token = await openUserToken({
    authBaseUrl: config.TWITCH_AUTH_BASE_URL,
    clientId,
    clientSecret: environment["TWITCH_CLIENT_SECRET"] || undefined,
    say,
  });
  const helix = connectHelix(config.TWITCH_API_BASE_URL, clientId, token);
  const channels: Channel[] = [];
  for (const name of names) {
    const channel = await helix.findChannel(name.toLowerCase());
    if (!channel) throw new BridgeError(`There is no channel ${name} on Twitch.`);
    await introduce(channel, cloud);
    channels.push(channel);
  }
  const close = openBridge({
    helix,
    socketUrl: environment["TWITCH_EVENTSUB_SOCKET_URL"] || SOCKET_URL,
    channels,
    say,
    fail,
  });
  process.removeAllListeners("SIGINT").once("SIGINT", () => {
    close();
    say("Stopped.");
    end(0);
  });
}
