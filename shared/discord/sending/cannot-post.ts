/** The builder's answer when the bot may not post in the announcement's channel. */
export function cannotPostText(channelId: string): string {
  return `You're live, but I can't post in <#${channelId}>. Ask a server admin to give me **View Channel** and **Send Messages** there, then try again.`;
}
