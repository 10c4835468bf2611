import { randomBytes } from "node:crypto";
import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { DiscordError, refusals } from "../discord-error.ts";
import type { MessageForm } from "../forms/messages.ts";
import { type InteractionResponse, readResponse } from "../forms/responses.ts";
import type { EventLog } from "./event-log.ts";
import type { Messages } from "./messages.ts";
import { type Message, MessageFlag } from "./records.ts";

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback
/** The application's deadline for its first answer. */
export const ANSWER_WITHIN_MS = 3_000;
const TOKEN_LIFE_MS = 15 * 60_000;

/** A user's action, before Discord assigns an id. */
export interface NewInteraction {
  readonly id: string;
  readonly type: number;
  readonly userId: string;
  readonly channelId: string;
  /** The message with the used component, or the one from which the modal was opened. */
  readonly message: Message | undefined;
  readonly focusedType: number | undefined;
}

/** An interaction and its state. */
export interface Interaction extends NewInteraction {
  readonly token: string;
  readonly createdAtMs: number;
  /** The user's action: "/c500 live", "press buy:1". */
  readonly what: string;
  /** How often it was delivered at once: 1 without a fault. */
  copies: number;
  state: "waiting" | "answered" | "failed";
  /** Why the user saw "This interaction failed". */
  failure: string | undefined;
  response: InteractionResponse | undefined;
  /** The id of the message that `@original` refers to. */
  originalId: string | undefined;
}

/** Every interaction, with its token's lifetime and its answers. */
export class Interactions {
  #clock: LocalClock;
  #messages: Messages;
  #log: EventLog;
  #applicationId: string;
  #byId = new Map<string, Interaction>();
  #byToken = new Map<string, Interaction>();

  constructor(clock: LocalClock, messages: Messages, log: EventLog, applicationId: string) {
    this.#clock = clock;
    this.#messages = messages;
    this.#log = log;
    this.#applicationId = applicationId;
  }

  /** Stores interactions in `state`. One that was waiting when the process ended has failed. */
  persistIn(state: PersistentState): void {
    state.maps("discord.interactions", { ids: this.#byId, tokens: this.#byToken });
    for (const interaction of this.#byId.values()) {
      if (interaction.state !== "waiting") continue;
      interaction.state = "failed";
      interaction.failure = "Discord stopped before the endpoint answered.";
    }
  }

  /** Opens an interaction; the application now has three seconds to answer. */
  open(given: NewInteraction, what: string): Interaction {
    const secret = `interaction:${given.id}:${randomBytes(48).toString("base64url")}`;
    const interaction: Interaction = {
      ...given,
      token: Buffer.from(secret).toString("base64url"),
      createdAtMs: this.#clock.nowMs(),
      what,
      copies: 1,
      state: "waiting",
      failure: undefined,
      response: undefined,
      originalId: undefined,
    };
    this.#byId.set(interaction.id, interaction);
    this.#byToken.set(interaction.token, interaction);
    const { id: interactionId, userId } = interaction;
    this.#log.add({ kind: "interaction-sent", interactionId, userId, what });
    return interaction;
  }

  get(id: string): Interaction | undefined {
    return this.#byId.get(id);
  }

  /**
   * Marks an interaction as failed: its user sees "This interaction failed" and its token is
   * invalid.
   */
  fail(interaction: Interaction, reason: string): void {
    if (interaction.state !== "waiting") return;
    interaction.state = "failed";
    interaction.failure = reason;
    this.#log.add({ kind: "interaction-failed", interactionId: interaction.id, reason });
  }

  /** Takes the first answer. Throws when it is late, a second one, or invalid. */
  answer(interaction: Interaction, body: unknown): InteractionResponse {
    if (interaction.state === "answered") throw refusals.alreadyAcknowledged();
    const isLate = this.#clock.nowMs() > interaction.createdAtMs + ANSWER_WITHIN_MS;
    if (interaction.state === "failed" || isLate) throw refusals.unknownInteraction();
    const { type, focusedType } = interaction;
    const messageFlags = interaction.message?.flags;
    const response = readResponse(body, { type, focusedType, messageFlags });
    interaction.originalId = this.#apply(interaction, response);
    interaction.state = "answered";
    interaction.response = response;
    const { id: interactionId } = interaction;
    this.#log.add({ kind: "interaction-answered", interactionId, responseType: response.type });
    return response;
  }

  /**
   * The interaction of a webhook call. Throws 10015 before the first answer, 50027 after 15
   * minutes.
   */
  forWebhook(applicationId: string, token: string): Interaction {
    const interaction = this.#byToken.get(token);
    if (applicationId !== this.#applicationId || interaction?.state !== "answered") {
      throw refusals.unknownWebhook();
    }
    if (this.#clock.nowMs() > interaction.createdAtMs + TOKEN_LIFE_MS) {
      throw refusals.invalidWebhookToken();
    }
    return interaction;
  }

  /** The message of the first answer, which the interaction's webhook may change. */
  original({ originalId: id, channelId }: Interaction): Message {
    const message = id && this.#messages.find(channelId, id);
    if (!message) throw refusals.unknownMessage();
    return message;
  }

  #apply(interaction: Interaction, response: InteractionResponse): string | undefined {
    switch (response.type) {
      case 4:
        return this.#create(interaction, response.data, []).id;
      case 5:
        return this.#messages.createLoading({
          ...this.#messageFields(interaction),
          onlyFor: response.ephemeral ? interaction.userId : undefined,
        }).id;
      case 6:
        return interaction.message?.id;
      case 7: {
        const message = this.#current(interaction);
        return this.#messages.edit(message, response.data, message.attachments, "interaction").id;
      }
      default:
        return undefined;
    }
  }

  #create(
    interaction: Interaction,
    form: MessageForm,
    attachments: Message["attachments"],
  ): Message {
    const ephemeral = ((form.flags ?? 0) & MessageFlag.ephemeral) !== 0;
    return this.#messages.create({
      ...contentOf(form, attachments),
      ...this.#messageFields(interaction),
      tts: form.tts ?? false,
      onlyFor: ephemeral ? interaction.userId : undefined,
      defaults: "interaction",
    });
  }

  #messageFields({ id, userId, type, channelId }: Interaction) {
    return { channelId, authorId: this.#applicationId, interaction: { id, userId, type } };
  }

  #current({ message, channelId }: Interaction): Message {
    const current = message && this.#messages.find(channelId, message.id);
    if (!current) throw refusals.unknownMessage();
    return current;
  }
}

/** A form's content as the simulator stores it. */
export function contentOf(form: MessageForm, attachments: Message["attachments"]) {
  return {
    content: form.content ?? "",
    embeds: form.embeds ?? [],
    components: form.components ?? [],
    attachments,
    ...(form.poll ? { poll: form.poll } : {}),
    flags: form.flags ?? 0,
    allowedMentions: form.allowed_mentions ?? undefined,
  };
}

/** The reason for a refused answer, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof DiscordError)) throw error;
  return JSON.stringify(error.body());
}
