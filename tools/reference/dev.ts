import { type DevCommand, usageOf } from "../cli/command-line.ts";
import { devCommands } from "../cli/commands.ts";
import { commands as operations } from "../ops/commands/index.ts";
import { page, sentence, table } from "./markdown.ts";

const INTRO = `One script does everything: \`./dev COMMAND\`. It needs Node 18 or later, and fetches Node 24 by itself. Each command
has \`--help\` and refuses unknown flags.

While \`./dev up\` runs in this folder, \`./dev setup\`, \`./dev doctor\` and \`./dev ops\` work on the local cloud, otherwise
on the installation of \`c500.env\` and the environment.`;

const OPS = `## \`./dev ops\`

Operates an installation. What changes an auction, an order, the ledger or several dead letters asks first on a terminal;
\`--yes\` answers for you.`;

/** `docs/reference/dev.md`. */
export function devPage(): string {
  const withFlags = devCommands.filter(({ flags }) => Object.keys(flags).length > 0);
  return page("./dev", "`tools/cli/commands.ts` and `tools/ops/commands/`", [
    INTRO,
    table(
      ["command", "does"],
      devCommands.map((command) => [`\`${usageOf(command)}\``, sentence(command.does)]),
    ),
    table(["command", "flag", "meaning"], withFlags.flatMap(flagsOf)),
    OPS,
    table(
      ["command", "does"],
      operations.map(({ name, usage, does }) => [
        `\`${["./dev ops", name, usage].filter(Boolean).join(" ")}\``,
        sentence(does),
      ]),
    ),
  ]);
}

function flagsOf({ name, flags }: DevCommand): string[][] {
  return Object.entries(flags).map(([flag, { value, does }]) => [
    `\`./dev ${name}\``,
    `\`${[`--${flag}`, value].filter(Boolean).join(" ")}\``,
    sentence(does),
  ]);
}
