import { nameIn } from "../../../shared/discord/definitions/custom-id.ts";
import {
  type Interaction,
  InteractionType,
  interactionSchema,
  ResponseType,
  unfold,
} from "../../../shared/discord/interaction.ts";
import { type FunctionHandler, header, parseJson, rawBody } from "../../../shared/runtime/http.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { type Bidding, createBidding } from "../../auctions/bidding/bid.ts";
import { answerAutocomplete } from "../interactions/autocomplete.ts";
import { answerCommand } from "../interactions/command.ts";
import { answerComponent } from "../interactions/component.ts";
import type { InteractionDeps } from "../interactions/deps.ts";
import { answerForm } from "../interactions/form.ts";
import { createSignatureCheck } from "../interactions/signature.ts";

/**
 * Discord's interactions endpoint: checks the Ed25519 signature over the raw bytes, then answers within Discord's
 * three seconds. It stores nothing itself: Redis decides a bid with one command, and everything else is published.
 * Discord does not repeat an interaction; if one does arrive twice, subscribers recognize its id, which is the
 * event's id.
 */
export const handler: FunctionHandler<InteractionDeps> = (deps) => {
  const isSigned = createSignatureCheck(deps.config.DISCORD_PUBLIC_KEY);
  const bidding = createBidding(deps);

  return async (request, response) => {
    const body = rawBody(request);
    if (request.method !== "POST") {
      response.status(405).set("allow", "POST").json({ error: "Discord posts interactions here." });
      return;
    }
    const signature = header(request, "x-signature-ed25519");
    const timestamp = header(request, "x-signature-timestamp");
    if (!(await isSigned(body, signature, timestamp, deps.clock.now().getTime()))) {
      response.status(401).json({ error: "Bad request signature." });
      return;
    }
    if (!request.is("application/json")) {
      response.status(415).json({ error: "Interactions are JSON." });
      return;
    }
    const interaction = interactionSchema.safeParse(parseJson(body));
    if (!interaction.success) {
      response.status(400).json({ error: "This is not an interaction." });
      return;
    }
    note(logFieldsOf(interaction.data));
    response.json(await answer(interaction.data, deps, bidding));
  };
};

/** The log fields of an interaction: never what was typed, nor by whom. */
function logFieldsOf(interaction: Interaction): Readonly<Record<string, string>> {
  switch (interaction.type) {
    case InteractionType.ping:
      return { what: "ping" };
    case InteractionType.command:
      return { what: unfold(interaction).words, interactionId: interaction.id };
    case InteractionType.autocomplete:
      return { what: `typing ${unfold(interaction).words}`, interactionId: interaction.id };
    default: {
      return { what: nameIn(interaction.data.custom_id), interactionId: interaction.id };
    }
  }
}

function answer(
  interaction: Interaction,
  deps: InteractionDeps,
  bidding: Bidding,
): Promise<object> | object {
  switch (interaction.type) {
    case InteractionType.ping:
      return { type: ResponseType.pong };
    case InteractionType.command:
      return answerCommand(interaction, deps, bidding.command);
    case InteractionType.component:
      return answerComponent(interaction, deps, bidding);
    case InteractionType.form:
      return answerForm(interaction, deps, bidding);
    case InteractionType.autocomplete:
      return answerAutocomplete(interaction, deps);
  }
}
