import { type DeferDeps, defer, onlyForYou, texts } from "../../../shared/discord/defer.ts";
import type { ButtonDefinition } from "../../../shared/discord/define-command.ts";
import {
  actingUserId,
  type ComponentInteraction,
  managesServer,
  ResponseType,
} from "../../../shared/discord/interaction.ts";
import type { Bidding } from "../../auctions/bidding/bid.ts";
import { declineModal } from "../../members/commands/decline-form.ts";
import { accessRefusalTexts } from "../../members/messages/access.ts";
import { DROP_FORM_AGAIN, dropFormModal } from "../../shop/commands/drop-form.ts";
import { buttons, declineControls, immediateControls } from "../commands.ts";
import type { Deps } from "../deps.ts";
import { readDraft } from "./drop-drafts.ts";

const lostDraft =
  "I no longer have what you typed. Run `/c500 drop` again; I keep a form for an hour.";

/** Answers a press: with "thinking…" and a published command, or with a form as it was filled in. */
export function answerButton(
  interaction: ComponentInteraction,
  deps: DeferDeps & Pick<Deps, "redis" | "log">,
  bidding: Bidding,
): Promise<object> | object {
  const bid = bidding.press(interaction);
  if (bid) return bid;
  const [name, target = ""] = interaction.data.custom_id.split(":", 2);
  const isForStaff = immediateControls.some((each) => each.name === name && each.who === "staff");
  if (isForStaff && !managesServer(interaction, deps.config.DISCORD_GUILD_ID)) {
    return onlyForYou(accessRefusalTexts.staff);
  }
  if (name === DROP_FORM_AGAIN) return filledForm(interaction, target, deps);
  const decline = declineControls.find((candidate) => candidate.button === name);
  if (decline) return { type: ResponseType.form, data: declineModal(decline, target) };
  const button: ButtonDefinition | undefined = buttons.find((candidate) => candidate.name === name);
  if (!button) return onlyForYou(texts.unknownButton);
  const { name: command, handler, limit } = button;
  const published = { command, handler, limit, options: { target } };
  return defer(interaction, published, deps);
}

async function filledForm(
  interaction: ComponentInteraction,
  id: string,
  deps: Pick<Deps, "redis" | "log">,
): Promise<object> {
  const draft = await readDraft({ userId: actingUserId(interaction) ?? "nobody", id }, deps);
  if (!draft) return onlyForYou(lostDraft);
  return { type: ResponseType.form, data: dropFormModal(draft, draft.form) };
}
