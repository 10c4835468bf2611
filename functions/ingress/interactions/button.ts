import { nameIn, readCustomId } from "../../../shared/discord/custom-id.ts";
import { type DeferDeps, defer, onlyForYou, texts } from "../../../shared/discord/defer.ts";
import { type ComponentInteraction, managesServer } from "../../../shared/discord/interaction.ts";
import type { Bidding } from "../../auctions/bidding/bid.ts";
import { accessRefusalTexts } from "../../members/messages/access.ts";
import { buttons, forms } from "../commands.ts";
import type { Deps } from "../deps.ts";
import { showDraft } from "./form-drafts.ts";
import { type ShowFormDeps, showForm } from "./show-form.ts";

/** Answers a press: with "thinking…" and a published command, or with a form. */
export async function answerButton(
  interaction: ComponentInteraction,
  deps: DeferDeps & ShowFormDeps & Pick<Deps, "redis">,
  bidding: Bidding,
): Promise<object> {
  const { custom_id: customId } = interaction.data;
  const button = buttons.find(({ name }) => name === nameIn(customId));
  if (!button) return onlyForYou(texts.unknownButton);
  const { answeredBy } = button;
  if (answeredBy === "bid") return bidding.press(interaction);
  const values = readCustomId(button, customId);
  if (!values) return onlyForYou(texts.unknownButton);
  switch (answeredBy) {
    case "form": {
      const isForStaff = button.who === "staff";
      if (isForStaff && !managesServer(interaction, deps.config.DISCORD_GUILD_ID)) {
        return onlyForYou(accessRefusalTexts.staff);
      }
      const opened = button.opens?.(values);
      return opened ? showForm(interaction, opened, deps) : onlyForYou(texts.unknownButton);
    }
    case "draft": {
      const form = forms.find(({ draft }) => draft?.button.name === button.name);
      if (!form) return onlyForYou(texts.unknownButton);
      return showDraft(interaction, { form, id: String(values["draftId"]) }, deps);
    }
    default:
      return defer(interaction, { definition: button, handler: answeredBy, values }, deps);
  }
}
