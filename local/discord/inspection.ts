import type { InteractionResponse } from "./forms/responses.ts";
import { messageJson } from "./rest/message-json.ts";
import type { Interaction } from "./state/interactions.ts";
import type { Message, Pings } from "./state/records.ts";
import type { World } from "./state/world.ts";

/**
 * A message as the API returns it, with the users it notified and, if ephemeral, the one who sees
 * it.
 */
export type SeenMessage = ReturnType<typeof messageJson> & {
  readonly pinged: Pings;
  readonly onlyFor: string | undefined;
};

/** An interaction's current state, as its user sees it. */
export interface SeenInteraction {
  readonly id: string;
  readonly type: number;
  readonly token: string;
  readonly userId: string;
  readonly channelId: string;
  readonly copies: number;
  readonly state: Interaction["state"];
  /** Why the user saw "This interaction failed". */
  readonly failure: string | undefined;
  /** The first answer. */
  readonly response: InteractionResponse | undefined;
  /** What `@original` currently refers to; undefined if there is none or it was deleted. */
  readonly original: SeenMessage | undefined;
}

/** Adds to a message what only the simulator knows. */
export function seeMessage(message: Message, { directory }: World): SeenMessage {
  const { pinged, onlyFor } = message;
  return { ...messageJson(message, directory), pinged, onlyFor };
}

/** An interaction with the current state of its messages. */
export function seeInteraction(interaction: Interaction, world: World): SeenInteraction {
  const { id, type, token, userId, channelId, copies, state, failure, response } = interaction;
  const seen = (messageId: string | undefined) => {
    const message = messageId ? world.messages.find(channelId, messageId) : undefined;
    return message && seeMessage(message, world);
  };
  return {
    id,
    type,
    token,
    userId,
    channelId,
    copies,
    state,
    failure,
    response,
    original: seen(interaction.originalId),
  };
}
