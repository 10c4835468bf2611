import {
  type DiscordCommand,
  discordCommandReceived,
} from "../../../shared/events/discord-command.ts";
import type { TestCloud } from "../cloud.ts";

/** A command's data besides its interaction. */
type Redelivered = Pick<DiscordCommand, "command" | "handler" | "options"> & {
  readonly isStaff?: boolean;
};

/** Makes Pub/Sub redeliver a command, however long after it was done. */
export async function redeliver(
  cloud: TestCloud,
  { interactionId }: { readonly interactionId: string },
  { isStaff = true, ...what }: Redelivered,
): Promise<void> {
  const seen = cloud.discord.interaction(interactionId);
  if (!seen) throw new Error("There was no such command.");
  const { id, token, userId, channelId } = seen;
  const event = { id, token, userId, channelId, isStaff, ...what };
  await cloud.publisher.publish(discordCommandReceived, event);
  await cloud.settle();
}
