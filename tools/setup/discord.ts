import type { Addresses } from "../doctor/checks/addresses.ts";
import type { DiscordAccess } from "../doctor/checks/discord/access.ts";
import { differingCommands } from "../doctor/checks/discord/commands.ts";
import { whatWentWrong } from "../doctor/checks/discord/error.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import { registerCommands } from "./register-commands.ts";

/** Registers the server's commands if they differ from our table. */
export async function setUpCommands(discord: DiscordAccess, area: AreaReport): Promise<void> {
  if (!discord.isInGuild) return;
  try {
    const registered = await discord.registeredCommands();
    const differing = differingCommands(registered);
    if (differing.length === 0) {
      area.ok(`the commands are registered: ${registered.length}`);
      return;
    }
    await registerCommands(discord);
    area.changed(`the commands were registered: ${differing.join(", ")}`);
  } catch (error) {
    area.wrong(
      `the commands could not be registered: ${whatWentWrong(error)}`,
      "Invite the bot again with the scope applications.commands; more than 200 new commands a day are refused",
    );
  }
}

/**
 * Sets our address as the endpoint to which Discord sends interactions. Before Discord saves it, it calls it with
 * a PING and with bad signatures, so the functions have to be deployed, with the right public key.
 * https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint
 */
export async function setUpEndpoint(
  { rest, endpointUrl }: DiscordAccess,
  addresses: Addresses,
  isThere: boolean,
  area: AreaReport,
): Promise<void> {
  if (addresses.isOurs("interactions", endpointUrl)) {
    area.ok(`interactions are sent to ${endpointUrl}`);
    return;
  }
  const url = addresses.direct("interactions");
  if (!isThere) {
    area.byHand(
      `interactions cannot be sent to ${url} yet: the functions do not answer there`,
      "Deploy them (./dev build, then terraform -chdir=terraform apply), then run ./dev setup again",
    );
    return;
  }
  try {
    await rest.patch("/applications/@me", { body: { interactions_endpoint_url: url } });
    const before = endpointUrl ? `, no longer to ${endpointUrl}` : "";
    area.changed(`interactions are sent to ${url}${before}`);
  } catch (error) {
    area.wrong(
      `Discord called ${url} and does not accept it: ${whatWentWrong(error)}`,
      "Discord expects a PONG to its PING and 401 to a bad signature, so the deployed DISCORD_PUBLIC_KEY has to be the application's. Apply Terraform, look at the log of discord-interactions, then run this again",
    );
  }
}
