import type { Stage } from "../../stage.ts";

/** A list from which somebody is to choose. */
export interface ShownList {
  readonly customId: string;
  readonly channelId: string;
  readonly message: string;
  readonly values: readonly string[];
}

/** The list under the answer to an interaction; undefined if there is none. */
export function listUnder({ discord }: Stage, interactionId: string): ShownList | undefined {
  const answer = discord.interaction(interactionId)?.original;
  const rows = (answer?.components ?? []) as readonly {
    readonly components: readonly {
      readonly custom_id?: string;
      readonly options?: readonly { readonly value: string }[];
    }[];
  }[];
  const list = rows.flatMap(({ components }) => components).find(({ options }) => options);
  if (!answer || !list) return undefined;
  return {
    customId: list.custom_id ?? "",
    channelId: answer.channel_id,
    message: answer.id,
    values: (list.options ?? []).map(({ value }) => value),
  };
}

/** The list that asks how many, under the answer to a press of Buy Now or an earlier choice. */
export function howManyUnder(stage: Stage, interactionId: string): ShownList | undefined {
  const list = listUnder(stage, interactionId);
  return list?.customId.startsWith("drop-quantity:") ? list : undefined;
}

/** Chooses from a list. Resolves when the application has answered or failed to. */
export function chooseFrom(stage: Stage, user: string, list: ShownList, value: string) {
  const { customId, channelId, message } = list;
  const choice = { user, channelId, message, customId, values: [value] };
  return stage.discord.client.component(stage.endpoint, choice);
}
