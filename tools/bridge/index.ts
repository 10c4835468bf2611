import { environment, loadConfig } from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { helpOf, readTyped } from "../cli/command-line.ts";
import { devCommand } from "../cli/commands.ts";
import { openBridge } from "./bridge.ts";
import { BridgeError } from "./bridge-error.ts";
import { connectHelix } from "./helix.ts";
import { type Channel, findLocalCloud, introduce } from "./local-cloud.ts";
import { openUserToken } from "./user-token.ts";

const SOCKET_URL = "wss://eventsub.wss.twitch.tv/ws";

const command = devCommand("bridge");
const say = (line: string) => process.stdout.write(`${line}\n`);
const end = (code: number) => process.exit(code);
const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof BridgeError ? error.message : describeError(error)}\n`);
  end(1);
};

process.once("SIGINT", () => end(0));
process.once("SIGTERM", () => end(0));
await start(readTyped(command, process.argv.slice(2)).words).catch(fail);

async function start(names: readonly string[]): Promise<void> {
  const clientId = environment["TWITCH_CLIENT_ID"];
  if (!clientId || names.length === 0) {
    const missing = clientId ? "Name a channel" : "Set TWITCH_CLIENT_ID";
    process.stderr.write(`${missing}.\n\n${helpOf(command)}`);
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
