import type { APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import {
  type ButtonDefinition,
  type CommandOption,
  OptionType,
} from "../../../shared/discord/define-command.ts";
import { MAX_REASON_LENGTH } from "../domain/standing.ts";

/** The option in which staff say why they decide against someone. */
export const reasonOption: CommandOption = {
  name: "reason",
  description: "Why; they read it",
  type: OptionType.string,
  required: true,
  max_length: MAX_REASON_LENGTH,
};

/** A button under an operators' notice, and the form it shows, in which staff say why they decline someone. */
export interface DeclineControl {
  /** The button's name; its target is `USER.VERSION`, the standing it was about. */
  readonly button: string;
  readonly title: string;
  readonly form: ButtonDefinition;
}

// https://discord.com/developers/docs/components/reference
const LABEL = 18;
const TEXT_INPUT = 4;
const PARAGRAPH = 2;

/** The form for declining the person a button is about. */
export function declineModal(
  { title, form }: DeclineControl,
  target: string,
): APIModalInteractionResponseCallbackData {
  return {
    custom_id: `${form.name}:${target}`,
    title,
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
