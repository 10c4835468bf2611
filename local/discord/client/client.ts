import { Activity } from "../../kit/activity.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import { InteractionType } from "../forms/responses.ts";
import { type SeenInteraction, seeInteraction } from "../inspection.ts";
import { ANSWER_WITHIN_MS, type Interaction, reasonOf } from "../state/interactions.ts";
import type { Message } from "../state/records.ts";
import type { World } from "../state/world.ts";
import { type Actor, buildInteraction } from "./build-interaction.ts";
import { type CommandUse, commandData, ImpossibleError } from "./command-data.ts";
import { componentData, type FieldValue, modalData } from "./component-data.ts";
import type { Keys } from "./keys.ts";
import { type Answer, type Post, postSigned } from "./post.ts";
import { verifyEndpoint } from "./verify-endpoint.ts";

/** A button press or a choice from a select. */
export interface ComponentUse extends Actor {
  /** The message's id. Only its recipient can use an ephemeral message. */
  readonly message: string;
  readonly customId: string;
  readonly values?: readonly string[];
}

/** A modal, submitted by the user to whom it was shown. */
export interface ModalUse {
  /** Id of the interaction that the application answered with the modal. */
  readonly of: string;
  /** Values by custom id of the field. */
  readonly values: Readonly<Record<string, FieldValue>>;
}

/** An interaction with arbitrary type and data. */
export interface RawUse extends Actor {
  readonly type: number;
  readonly data: object;
  readonly message?: string;
  readonly headers?: Post["headers"];
}

/** An interaction to send to the application. */
interface Sending {
  readonly type: number;
  readonly what: string;
  readonly data: object;
  readonly message?: Message | undefined;
  readonly focusedType?: number | undefined;
  readonly headers?: Post["headers"];
}

/**
 * Simulates Discord's users, and the part of Discord that calls an application. An action resolves
 * when the application has answered, or when the user has seen "This interaction failed". Look up
 * later results by the interaction's id. An action that no Discord client allows rejects with
 * ImpossibleError.
 */
export class DiscordClient {
  readonly activity = new Activity();
  #world: World;
  #faults: FaultPlan;
  #keys: Keys;
  #fetch: typeof fetch;

  constructor(world: World, faults: FaultPlan, keys: Keys, call: typeof fetch = fetch) {
    this.#world = world;
    this.#faults = faults;
    this.#keys = keys;
    this.#fetch = call;
  }

  /** Runs a command. A fault named "deliver /c500 live" applies to it. */
  async command(endpoint: string, use: Actor & CommandUse): Promise<SeenInteraction> {
    const { data } = commandData(use, this.#guildOf(use), this.#world);
    const type = InteractionType.command;
    return this.#send(endpoint, use, { type, what: `/${use.name}`, data });
  }

  /** Types into an option; the response contains the suggestions. */
  async autocomplete(
    endpoint: string,
    use: Actor & CommandUse & { readonly focused: string },
  ): Promise<SeenInteraction> {
    const { data, focusedType } = commandData(use, this.#guildOf(use), this.#world);
    const type = InteractionType.autocomplete;
    const what = `autocomplete /${use.name}`;
    return this.#send(endpoint, use, { type, what, data, focusedType });
  }

  /** Presses a button or chooses from a select. */
  async component(endpoint: string, use: ComponentUse): Promise<SeenInteraction> {
    const message = this.#messageFor(use, use.message);
    const data = componentData(message, use.customId, use.values, this.#world);
    const type = InteractionType.component;
    return this.#send(endpoint, use, { type, what: `press ${use.customId}`, data, message });
  }

  /** Submits a modal that was shown. */
  async modalSubmit(endpoint: string, { of, values }: ModalUse): Promise<SeenInteraction> {
    const asked = this.#world.interactions.get(of);
    if (asked?.response?.type !== 9) throw new ImpossibleError(`${of} did not open a modal`);
    const shown = asked.response.data;
    const { userId: user, channelId, message } = asked;
    const data = modalData(shown, values, this.#world, channelId);
    const type = InteractionType.modalSubmit;
    const what = `submit ${shown.custom_id}`;
    return this.#send(endpoint, { user, channelId }, { type, what, data, message });
  }

  /** Sends an interaction of any type and data, including ones that no client produces. */
  async raw(endpoint: string, use: RawUse): Promise<SeenInteraction> {
    const { type, data, headers } = use;
    const message = use.message === undefined ? undefined : this.#messageFor(use, use.message);
    const what = `raw interaction of type ${type}`;
    return this.#send(endpoint, use, { type, what, data, message, ...(headers && { headers }) });
  }

  /** Signs and posts any bytes. The simulator records nothing about it. */
  post(endpoint: string, post: Post): Promise<Answer> {
    const { clock } = this.#world;
    const context = { clock, keys: this.#keys, fetch: this.#fetch };
    return clock.drive(postSigned(endpoint, post, context));
  }

  /** Sends a PING. */
  ping(endpoint: string): Promise<Answer> {
    const { snowflakes, applicationId } = this.#world;
    const id = snowflakes.next();
    const ping = { id, application_id: applicationId, type: 1, token: "ping", version: 1 };
    return this.post(endpoint, { body: JSON.stringify({ ...ping, entitlements: [] }) });
  }

  /** Checks an endpoint as Discord does before it saves its URL. Rejects with EndpointError. */
  verifyEndpoint(url: string): Promise<void> {
    const { clock, snowflakes, applicationId } = this.#world;
    return verifyEndpoint(url, {
      clock,
      snowflakes,
      applicationId,
      keys: this.#keys,
      fetch: this.#fetch,
    });
  }

  #guildOf({ channelId }: Actor): string | undefined {
    const channel = this.#world.directory.channel(channelId);
    return channel.kind === "guild" ? channel.guildId : undefined;
  }

  #messageFor({ user, channelId }: Actor, id: string): Message {
    const message = this.#world.messages.find(channelId, id);
    if (!message || (message.onlyFor !== undefined && message.onlyFor !== user)) {
      throw new ImpossibleError(`${user} cannot see message ${id}`);
    }
    return message;
  }

  async #send(endpoint: string, actor: Actor, sending: Sending): Promise<SeenInteraction> {
    const { type, data, message, focusedType, what } = sending;
    const { interactions, snowflakes, directory } = this.#world;
    const interaction = interactions.open(
      {
        id: snowflakes.next(),
        type,
        userId: directory.user(actor.user).id,
        channelId: actor.channelId,
        message,
        focusedType,
      },
      what,
    );
    const { id, token } = interaction;
    const body = JSON.stringify(
      buildInteraction(actor, { id, token, type, data, message }, this.#world),
    );
    this.activity.begin();
    try {
      const headers = sending.headers && { headers: sending.headers };
      const delivered = this.#deliver(endpoint, interaction, { body, ...headers });
      await this.#world.clock.drive(delivered);
    } finally {
      this.activity.end();
    }
    return seeInteraction(interaction, this.#world);
  }

  /** Delivers the interaction and waits three seconds for an answer, by response or by callback. */
  async #deliver(endpoint: string, interaction: Interaction, post: Post): Promise<void> {
    const { clock, interactions } = this.#world;
    const abort = new AbortController();
    const cancelDeadline = clock.after(ANSWER_WITHIN_MS, () => {
      interactions.fail(interaction, "The endpoint did not answer within 3 seconds.");
      abort.abort();
    });
    try {
      const answer = await this.#postWithFaults(endpoint, interaction, post, abort.signal);
      this.#take(interaction, answer);
    } catch (error) {
      if (interaction.state === "waiting") interactions.fail(interaction, messageOf(error));
    } finally {
      cancelDeadline();
    }
  }

  async #postWithFaults(
    endpoint: string,
    interaction: Interaction,
    post: Post,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { clock } = this.#world;
    const fault = this.#faults.next("discord", `deliver ${interaction.what}`);
    if (fault?.kind === "drop") throw new Error("The connection broke.");
    if (fault?.kind === "fail") throw new Error(`The endpoint answered ${fault.code}.`);
    if (fault?.kind === "delay") await clock.sleep(fault.ms);
    const copies = fault?.kind === "duplicate" ? fault.copies : 1;
    interaction.copies = copies;
    const context = { clock, keys: this.#keys, fetch: this.#fetch, signal };
    const sent = Array.from({ length: copies }, () => postSigned(endpoint, post, context));
    const answers = await Promise.all(sent);
    if (fault?.kind === "lose-answer") throw new Error("The connection broke.");
    const [first] = answers;
    if (!first) throw new Error("Nothing was sent.");
    return first;
  }

  #take(interaction: Interaction, { status, headers, body }: Answer): void {
    const { interactions } = this.#world;
    // A callback answered meanwhile. Discord then expects a 202 and ignores the response's body.
    if (interaction.state !== "waiting") return;
    if (status !== 200) {
      interactions.fail(interaction, `The endpoint answered ${status}: ${body.slice(0, 200)}`);
      return;
    }
    if (!headers.get("content-type")?.includes("application/json")) {
      interactions.fail(interaction, "The answer is not application/json.");
      return;
    }
    try {
      interactions.answer(interaction, JSON.parse(body));
    } catch (error) {
      const reason = error instanceof SyntaxError ? "The answer is not JSON." : reasonOf(error);
      interactions.fail(interaction, reason);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
