import {
  type ButtonDefinition,
  type Command,
  type CommandOption,
  OptionType,
} from "../../../shared/discord/define-command.ts";
import { type DeclineControl, reasonOption } from "../../members/commands/decline-form.ts";

const host: CommandOption = {
  name: "host",
  description: "Who it is about",
  type: OptionType.user,
  required: true,
};

const hosts = <const Name extends string>(
  name: Name,
  description: string,
  options: readonly CommandOption[],
) =>
  ({
    words: `c500 hosts ${name}`,
    description,
    options,
    who: "staff",
    answeredBy: "race-control",
  }) as const satisfies Command;

/** The team's commands about hosts of races. */
export const hostCommands = [
  hosts("list", "Who may host races, and who has asked to", []),
  hosts("approve", "Let someone host races", [host]),
  hosts("decline", "Refuse someone who asks to host", [host, reasonOption]),
  hosts("suspend", "Keep someone from hosting until you restore them", [host, reasonOption]),
  hosts("restore", "Let someone host again who was suspended", [host]),
  hosts("remove", "End someone's time as a host", [host, reasonOption]),
] as const satisfies readonly Command[];

/** Buttons about hosts. The target of staff's is `USER.VERSION`, the standing it was about. */
export const hostButtons = {
  ask: { name: "host-ask", handler: "race-control", who: "everyone" },
  approve: { name: "host-approve", handler: "race-control", who: "staff" },
} as const satisfies Record<string, ButtonDefinition>;

/** How staff decline someone who asks to host, under the operators' notice. */
export const hostDecline = {
  button: "host-decline",
  title: "Decline a host",
  form: { name: "host-decline-form", handler: "race-control", who: "staff" },
} as const satisfies DeclineControl;
