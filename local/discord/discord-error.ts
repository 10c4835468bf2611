/** The nested part of a form error: https://discord.com/developers/docs/reference#error-messages */
export interface FormErrors {
  [field: string]: FormErrors | readonly FormError[];
}

/** What is wrong with one field of a form. */
export interface FormError {
  readonly code: string;
  readonly message: string;
}

/** An error response: the HTTP status, and Discord's own error code for the body. */
export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: FormErrors | undefined;

  constructor(status: number, code: number, message: string, errors?: FormErrors) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  /** The JSON body of the response. */
  body(): object {
    const errors = this.errors && { errors: this.errors };
    return { message: this.message, code: this.code, ...errors };
  }
}

/**
 * The error responses that the simulator sends.
 * https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes
 */
export const refusals = {
  unauthorized: () => new DiscordError(401, 0, "401: Unauthorized"),
  badUserAgent: () => new DiscordError(403, 40333, "internal network error"),
  notFound: () => new DiscordError(404, 0, "404: Not Found"),
  unknownApplication: () => new DiscordError(404, 10002, "Unknown Application"),
  unknownChannel: () => new DiscordError(404, 10003, "Unknown Channel"),
  unknownGuild: () => new DiscordError(404, 10004, "Unknown Guild"),
  unknownMember: () => new DiscordError(404, 10007, "Unknown Member"),
  unknownMessage: () => new DiscordError(404, 10008, "Unknown Message"),
  unknownRole: () => new DiscordError(404, 10011, "Unknown Role"),
  unknownUser: () => new DiscordError(404, 10013, "Unknown User"),
  unknownWebhook: () => new DiscordError(404, 10015, "Unknown Webhook"),
  unknownEvent: () => new DiscordError(404, 10070, "Unknown Guild Scheduled Event"),
  unknownInteraction: () => new DiscordError(404, 10062, "Unknown interaction"),
  tooManyPins: (most: number) =>
    new DiscordError(400, 30003, `Maximum number of pins reached for the channel (${most})`),
  tooManyCommands: (most: number) =>
    new DiscordError(400, 30032, `Maximum number of application commands reached (${most})`),
  tooManyCommandCreates: (most: number) =>
    new DiscordError(
      400,
      30034,
      `Max number of daily application command creates has been reached (${most})`,
    ),
  tooManyEvents: (most: number) =>
    new DiscordError(
      400,
      30038,
      `Maximum number of uncompleted guild scheduled events reached (${most})`,
    ),
  tooLarge: () => new DiscordError(413, 40005, "Request entity too large"),
  alreadyAcknowledged: () =>
    new DiscordError(400, 40060, "Interaction has already been acknowledged."),
  missingAccess: () => new DiscordError(403, 50001, "Missing Access"),
  notTheAuthor: () =>
    new DiscordError(403, 50005, "Cannot edit a message authored by another user"),
  emptyMessage: () => new DiscordError(400, 50006, "Cannot send an empty message"),
  closedDms: () => new DiscordError(403, 50007, "Cannot send messages to this user"),
  missingPermissions: () => new DiscordError(403, 50013, "Missing Permissions"),
  systemMessage: () => new DiscordError(403, 50021, "Cannot execute action on a system message"),
  invalidWebhookToken: () => new DiscordError(401, 50027, "Invalid Webhook Token"),
  invalidRecipient: () => new DiscordError(400, 50033, "Invalid Recipient(s)"),
  invalidForm: (errors: FormErrors) => new DiscordError(400, 50035, "Invalid Form Body", errors),
  invalidJson: () => new DiscordError(400, 50109, "The request body contains invalid JSON."),
  eventIsOver: () => new DiscordError(400, 180000, "Cannot update a finished event"),
  noMutualGuild: () =>
    new DiscordError(
      403,
      50278,
      "Cannot send messages to this user due to having no mutual guilds",
    ),
};
