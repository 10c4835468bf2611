import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, oneLine, plainLines } from "../../../shared/discord/theme.ts";

/** Notifies the operators of what keeps someone from being forgotten. */
export function stillOpenNotice(
  userId: string,
  obligations: readonly { readonly kind: string; readonly name: string }[],
): OutgoingMessage {
  const lines = obligations.map(({ kind, name }) => `${kind}: ${oneLine(name, 80)}`);
  return {
    embeds: [
      {
        title: "Someone asks to be forgotten, and has something open",
        color: colours.peach,
        description: `<@${userId}>\n${plainLines(lines.join("\n"), 1500)}\nHelp them finish: pay them out, close their orders, lift their bar, resolve their dead letters.`,
      },
    ],
  };
}

/** Notifies the operators of what someone who is being forgotten owes, without naming them. */
export function forgottenDebtNotice(amounts: readonly string[]): OutgoingMessage {
  return {
    embeds: [
      {
        title: "Someone who owes money is being forgotten",
        color: colours.peach,
        description: `${amounts.join(" + ")} is kept without a name. If they come back within three years, it is booked to their account again; until then nobody is asked for it. \`./dev ops ledger check\` shows the total that forgotten people owe.`,
      },
    ],
  };
}
