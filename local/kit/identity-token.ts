/** Whom a token is of, and which service it was made out to. */
export interface Identity {
  readonly email: string;
  readonly audience: string;
}

const SCHEME = "Bearer local.";

/**
 * The header of a call that Google makes as a service account. In the cloud it is a JWT signed by Google;
 * here it says the same, signed by nobody.
 * https://cloud.google.com/run/docs/authenticating/service-to-service
 */
export function authorizationOf(identity: Identity): string {
  return `${SCHEME}${Buffer.from(JSON.stringify(identity)).toString("base64url")}`;
}

/** Reads that header; undefined where it is missing or something else. */
export function identityIn(authorization: string | undefined): Identity | undefined {
  if (!authorization?.startsWith(SCHEME)) return undefined;
  try {
    const text = Buffer.from(authorization.slice(SCHEME.length), "base64url").toString();
    const { email, audience } = JSON.parse(text) as Record<string, unknown>;
    return typeof email === "string" && typeof audience === "string"
      ? { email, audience }
      : undefined;
  } catch {
    return undefined;
  }
}
