import {
  type ButtonDefinition,
  type Command,
  OptionType,
} from "../../../shared/discord/define-command.ts";
import { type DeclineControl, reasonOption } from "./decline-form.ts";

const builder = {
  name: "builder",
  description: "Who it is about",
  type: OptionType.user,
  required: true,
} as const;

const staff = { who: "staff", answeredBy: "shop" } as const;

/** The team's commands about builders. */
export const builderCommands = [
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
    options: [builder, reasonOption],
    ...staff,
  },
  {
    words: "c500 builders suspend",
    description: "Stop everything someone sells, at once; restore undoes it",
    options: [builder, reasonOption],
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
    options: [builder, reasonOption],
    ...staff,
  },
] as const satisfies readonly Command[];

/** The buttons under the operators' notice. Their target is `USER.VERSION`, the standing it was about. */
export const builderButtons = {
  approve: { name: "builder-approve", handler: "shop", who: "staff" },
} as const satisfies Record<string, ButtonDefinition>;

/** How staff decline a builder under the operators' notice. */
export const builderDecline = {
  button: "builder-decline",
  title: "Decline a builder",
  form: { name: "builder-decline-form", handler: "shop", who: "staff" },
} as const satisfies DeclineControl;
