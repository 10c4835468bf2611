import { action } from "../../../shared/discord/definitions/command-action.ts";
import {
  type Audience,
  type Definition,
  defineCommand,
} from "../../../shared/discord/definitions/define-command.ts";
import type { Deps } from "../deps.ts";
import { type HelpGroup, helpText } from "../messages/help.ts";

/** A feature's title in the help, with its commands, buttons and forms. */
interface Feature {
  readonly title: string;
  readonly definitions: readonly Definition[];
}

/** The user's roles. A builder or host of any standing may own something. */
interface Roles {
  readonly isStaff: boolean;
  readonly builder: string;
  readonly host: string;
}

/** `/c500 help`. */
export const helpCommand = defineCommand({
  words: "c500 help",
  description: "What you can do here",
  options: {},
  who: "everyone",
  answeredBy: "shop",
});

/** Shows the user the commands that they may use, feature by feature. Changes nothing. */
export const helping = (features: readonly Feature[]) =>
  action(
    helpCommand,
    async ({ userId, isStaff }, _values, { builders, hosts }: Pick<Deps, "builders" | "hosts">) => {
      const [builder, host] = await Promise.all([
        builders.standing(userId),
        hosts.standing(userId),
      ]);
      const roles = { isStaff, builder: builder.state, host: host.state };
      return helpText(groupsFor(features, roles));
    },
  );

/** The commands that someone may use, by feature. Features without any are left out. */
export function groupsFor(features: readonly Feature[], roles: Roles): readonly HelpGroup[] {
  return features
    .map(({ title, definitions }) => {
      const commands = definitions.filter((definition) => definition.kind === "command");
      const audiences = new Set(commands.map(({ who }) => who));
      return { title, commands: commands.filter(({ who }) => mayUse(who, audiences, roles)) };
    })
    .filter(({ commands }) => commands.length > 0);
}

/** Whether to show someone a command for `who`, in a feature with commands for `audiences`. */
function mayUse(
  who: Audience,
  audiences: ReadonlySet<Audience>,
  { isStaff, builder, host }: Roles,
): boolean {
  switch (who) {
    case "everyone":
      return true;
    case "owner": {
      const ownsAsBuilder = builder !== "unregistered" && audiences.has("builder");
      const ownsAsHost = host !== "unregistered" && audiences.has("host");
      return isStaff || ownsAsBuilder || ownsAsHost;
    }
    case "builder":
      return builder === "approved";
    case "builder-or-staff":
      return isStaff || builder === "approved";
    case "host":
      return isStaff || (host === "approved" && builder !== "suspended");
    case "staff":
      return isStaff;
  }
}
