import type { Addresses } from "./checks/addresses.ts";
import type { DiscordAccess } from "./checks/discord/access.ts";
import { differingCommands } from "./checks/discord/commands.ts";
import { whatWentWrong } from "./checks/discord/error.ts";
import type { AreaReport } from "./checks/report.ts";

/** Checks that the server's commands match our table. */
export async function checkCommands(discord: DiscordAccess, area: AreaReport): Promise<void> {
  if (!discord.isInGuild) return;
  const remedy = "Run ./dev setup, which registers them";
  try {
    const differing = differingCommands(await discord.registeredCommands());
    area.check(
      differing.length === 0,
      "the registered commands are up to date",
      `commands that are missing or outdated at Discord: ${differing.join(", ")}`,
      remedy,
    );
  } catch (error) {
    area.wrong(`the commands cannot be read: ${whatWentWrong(error)}`, remedy);
  }
}

/** Checks that Discord sends interactions to us. */
export function checkInteractions(
  { endpointUrl }: DiscordAccess,
  addresses: Addresses,
  area: AreaReport,
): void {
  area.check(
    addresses.isOurs("interactions", endpointUrl),
    `interactions are sent to ${endpointUrl}`,
    `interactions are sent ${endpointUrl ? `to ${endpointUrl}` : "nowhere"}, and not to ${addresses.direct("interactions")}`,
    "Run ./dev setup, which sets the address. Discord removes the address when bad signatures are not refused: look at the log of discord-interactions",
  );
}
