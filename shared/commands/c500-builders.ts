import type { APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import { MAX_REASON_LENGTH } from "../domain/standing.ts";
import { type ButtonDefinition, type Command, OptionType } from "./define-command.ts";

const builder = {
  name: "builder",
  description: "Who it is about",
  type: OptionType.user,
  required: true,
} as const;
const reason = {
  name: "reason",
  description: "Why; they read it",
  type: OptionType.string,
  max_length: MAX_REASON_LENGTH,
} as const;
const why = { ...reason, required: true } as const;

const staff = { who: "staff", answeredBy: "shop" } as const;

/** The team's commands about builders. */
export const builderCommands: readonly Command[] = [
  {
    words: "c500 builders list",
    description: "Who waits for approval, who sells, who is suspended",
    options: [],
    ...staff,
  },
  {
    words: "c500 builders approve",
    description: "Let someone sell who has proved their channel",
    options: [builder],
    ...staff,
  },
  {
    words: "c500 builders decline",
    description: "Refuse someone who asks to sell",
    options: [builder, why],
    ...staff,
  },
  {
    words: "c500 builders suspend",
    description: "Stop everything someone sells, at once; restore undoes it",
    options: [builder, why],
    ...staff,
  },
  {
    words: "c500 builders restore",
    description: "Let a suspended builder continue, or a removed one register again",
    options: [builder],
    ...staff,
  },
  {
    words: "c500 builders remove",
    description: "End someone's time as a builder; their open orders stay",
    options: [builder, why],
    ...staff,
  },
];

/** The buttons under the operators' notice. Their target is `USER.VERSION`, the standing it was about. */
export const builderButtons = {
  approve: { name: "builder-approve", handler: "shop", who: "staff" },
} as const satisfies Record<string, ButtonDefinition>;

/** The button that shows the form for declining someone. */
export const BUILDER_DECLINE = "builder-decline";

/** The form in which staff say why they decline someone. */
export const builderDeclineForm = {
  name: "builder-decline-form",
  handler: "shop",
  who: "staff",
} as const satisfies ButtonDefinition;

// https://discord.com/developers/docs/components/reference
const LABEL = 18;
const TEXT_INPUT = 4;
const PARAGRAPH = 2;

/** The form for declining whom a button is about. */
export function builderDeclineModal(target: string): APIModalInteractionResponseCallbackData {
  return {
    custom_id: `${builderDeclineForm.name}:${target}`,
    title: "Decline a builder",
    components: [
      {
        type: LABEL,
        label: "Why? They read it",
        component: {
          ...{ type: TEXT_INPUT, custom_id: "reason", style: PARAGRAPH },
          ...{ required: true, max_length: MAX_REASON_LENGTH },
        },
      },
    ],
  } as unknown as APIModalInteractionResponseCallbackData;
}
