/** The ids of the C500 server as it stands in the local Discord. */
export const community = {
  applicationId: "500000000000000001",
  guildId: "500000000000000002",
  generalChannelId: "500000000000000010",
  marketplaceChannelId: "500000000000000011",
  ordersChannelId: "500000000000000012",
  operatorsChannelId: "500000000000000013",
  dropRoleId: "500000000000000020",
} as const;
