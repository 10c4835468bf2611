import { checkDiscord, type DiscordAccess } from "../../../doctor/checks/discord/access.ts";
import { isDeployed } from "../../../doctor/checks/installation.ts";
import { Report } from "../../../doctor/checks/report.ts";
import { checkCommands, checkInteractions } from "../../../doctor/discord.ts";
import { setUpCommands, setUpEndpoint } from "../../../setup/discord.ts";
import type { Installation } from "../../installation.ts";
import { NotYetError } from "../../patience.ts";
import { BlockedError, carryOut, RUN_AGAIN, type Step, standingOf } from "../../step.ts";

/** The commands that members type. */
export const commands: Step = {
  name: "Discord commands",
  async check(installation) {
    const discord = await openDiscord(installation);
    return await standingOf("all are registered", "missing", (area) =>
      checkCommands(discord, area),
    );
  },
  async run(installation) {
    const discord = await openDiscord(installation);
    await carryOut((area) => setUpCommands(discord, area));
  },
  async undo(installation) {
    const discord = await findDiscord(installation);
    if (!discord?.isInGuild || (await discord.registeredCommands()).length === 0) return undefined;
    const { rest, applicationId, guildId } = discord;
    await rest.put(`/applications/${applicationId}/guilds/${guildId}/commands`, { body: [] });
    return "the commands are gone from the server";
  },
};

/** Where Discord sends what members type and press. Discord tries the address before it saves it. */
export const interactions: Step = {
  name: "Discord interactions",
  async check(installation) {
    const discord = await openDiscord(installation);
    return await standingOf("sent to the functions", "missing", async (area) =>
      checkInteractions(discord, installation.addresses, area),
    );
  },
  async run(installation) {
    const { addresses } = installation;
    const address = addresses.direct("interactions");
    if (!(await isDeployed(address))) throw new NotYetError(`${address} does not answer`);
    const discord = await openDiscord(installation);
    await carryOut((area) => setUpEndpoint(discord, addresses, true, area));
  },
  async undo(installation) {
    const discord = await findDiscord(installation);
    if (!discord?.endpointUrl) return undefined;
    await discord.rest.patch("/applications/@me", { body: { interactions_endpoint_url: null } });
    return "Discord sends interactions nowhere";
  },
};

async function openDiscord(installation: Installation): Promise<DiscordAccess> {
  const discord = await findDiscord(installation);
  if (discord) return discord;
  throw new BlockedError("Discord does not accept the bot's token any more", RUN_AGAIN);
}

async function findDiscord({ values }: Installation): Promise<DiscordAccess | undefined> {
  return await checkDiscord(values, new Report(() => undefined).area(""));
}
