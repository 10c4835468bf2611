/** The builder's answer when we may not post where the announcement belongs. */
export function cannotPostText(channelId: string): string {
  return `You're live, but I'm not allowed to post in <#${channelId}>. Ask a server admin to give me View Channel and Send Messages there, then try again.`;
}
