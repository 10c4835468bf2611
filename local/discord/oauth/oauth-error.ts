import { DiscordError } from "../discord-error.ts";

/** A refusal in the form of RFC 6749, section 5.2, as the OAuth2 endpoints send it. */
class OAuthError extends DiscordError {
  readonly error: string;
  readonly description: string | undefined;

  constructor(status: number, error: string, description?: string) {
    super(status, 0, description ?? error);
    this.error = error;
    this.description = description;
  }

  override body(): object {
    const { error, description } = this;
    return { error, ...(description !== undefined && { error_description: description }) };
  }
}

/** The refusals of the OAuth2 endpoints, with the texts that applications report. */
export const oauthRefusals = {
  unknownClient: () => new DiscordError(400, 10002, "Unknown Application"),
  invalidClient: () => new OAuthError(401, "invalid_client"),
  notAForm: () => new OAuthError(415, "invalid_request", "The body must be a form."),
  unsupportedGrantType: () => new OAuthError(400, "unsupported_grant_type"),
  unsupportedResponseType: () => new OAuthError(400, "unsupported_response_type"),
  invalidScope: () => new OAuthError(400, "invalid_scope"),
  invalidField: (name: string) =>
    new OAuthError(400, "invalid_request", `Invalid "${name}" in request.`),
  missingVerifier: () => new OAuthError(400, "invalid_request", 'Missing "code_verifier"'),
  invalidVerifier: () =>
    new OAuthError(400, "invalid_grant", 'Invalid "code_verifier" in request.'),
  invalidCode: () => new OAuthError(400, "invalid_grant", 'Invalid "code" in request.'),
};
