import type { DiscordSimulator } from "../discord/index.ts";

/** The ids of the C500 server in the local Discord. */
export const community = {
  applicationId: "500000000000000001",
  guildId: "500000000000000002",
  generalChannelId: "500000000000000010",
  marketplaceChannelId: "500000000000000011",
  ordersChannelId: "500000000000000012",
  operatorsChannelId: "500000000000000013",
  racesChannelId: "500000000000000014",
  dropRoleId: "500000000000000020",
} as const;

/** Adds the server, its channels and its role to a new local Discord. */
export function addCommunity(discord: DiscordSimulator): void {
  const { guildId } = community;
  discord.addGuild({ id: guildId, name: "C500" });
  discord.addRole({ id: community.dropRoleId, guildId, name: "drops" });
  discord.addChannel({ id: community.generalChannelId, guildId, name: "general" });
  discord.addChannel({ id: community.marketplaceChannelId, guildId, name: "marketplace" });
  discord.addChannel({ id: community.ordersChannelId, guildId, name: "orders" });
  discord.addChannel({ id: community.operatorsChannelId, guildId, name: "operators" });
  discord.addChannel({ id: community.racesChannelId, guildId, name: "races" });
}
