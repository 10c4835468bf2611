import {
  createHash,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import type { LocalClock } from "../clock.ts";

/** A token's account and audience. */
export interface Identity {
  readonly email: string;
  readonly audience: string;
}

/** The claims of Google's service account tokens, times in seconds since the epoch. */
interface Claims {
  readonly aud: string;
  readonly azp: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly sub: string;
}

/** The signing key pair. */
interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** In JWKS format. */
  readonly jwk: JsonWebKey & { readonly kid: string };
}

const ISSUER = "https://accounts.google.com";
const SCHEME = "Bearer ";
const ALGORITHM = "RSA-SHA256";
const VALID_SECONDS = 3_600;
/** A token is reused for half its lifetime, so that the other half remains when it is sent. */
const USED_SECONDS = VALID_SECONDS / 2;
/**
 * The minimum real time for a token to arrive when the clock runs: advancing it by a day must not
 * expire a token in transit.
 */
const MINIMUM_REAL_MS = 10_000;
/** Google's keys have 2048 bits. These protect nothing, and sign in a fifth of the time. */
const KEY_BITS = 1024;
/** The maximum number of stored tokens, some megabytes. */
const MAX_REMEMBERED = 5_000;
/** Cloud Run replaces a token's signature with this, so that nobody can reuse it. */
const NO_SIGNATURE = "SIGNATURE_REMOVED_BY_GOOGLE";

/**
 * Signs and verifies tokens of Google's service accounts. The keys are generated once per process,
 * on first use. All requests for the same account, audience and half hour share one token, so that
 * signing costs almost nothing however many clouds run.
 */
class TokenIssuer {
  #made: Keys | undefined;
  /** By account, audience and time of issue. */
  #signed = new Map<string, string>();
  /** By token. */
  #verified = new Map<string, Claims>();
  /** When each token was last requested, in real time. */
  #sentAtMs = new Map<string, number>();

  get keys(): Keys {
    this.#made ??= makeKeys();
    return this.#made;
  }

  token({ email, audience }: Identity, clock: LocalClock): string {
    const seconds = Math.floor(clock.nowMs() / 1000);
    const iat = seconds - (seconds % USED_SECONDS);
    const key = `${email} ${audience} ${iat}`;
    const token = this.#signed.get(key) ?? this.#issue(key, claimsOf({ email, audience }, iat));
    if (!clock.isFrozen) remember(this.#sentAtMs, token, performance.now());
    return token;
  }

  /** A token's claims; undefined if it is foreign, was modified, or has expired. */
  claims(token: string, clock: LocalClock): Claims | undefined {
    const claims = this.#verified.get(token) ?? this.#verify(token);
    if (!claims) return undefined;
    const isExpired = clock.nowMs() >= claims.exp * 1000;
    return isExpired && !this.#isOnItsWay(token, clock) ? undefined : claims;
  }

  #isOnItsWay(token: string, clock: LocalClock): boolean {
    const sentAtMs = this.#sentAtMs.get(token);
    return (
      !clock.isFrozen && sentAtMs !== undefined && performance.now() - sentAtMs < MINIMUM_REAL_MS
    );
  }

  #issue(key: string, claims: Claims): string {
    const token = this.#sign(claims);
    remember(this.#verified, token, claims);
    return remember(this.#signed, key, token);
  }

  #sign(claims: Claims): string {
    const { jwk, privateKey } = this.keys;
    const head = { alg: "RS256", kid: jwk.kid, typ: "JWT" };
    const signed = [head, claims].map((part) => encode(JSON.stringify(part))).join(".");
    const signature = sign(ALGORITHM, Buffer.from(signed), privateKey).toString("base64url");
    return `${signed}.${signature}`;
  }

  #verify(token: string): Claims | undefined {
    const [head = "", body = "", signature = "", ...rest] = token.split(".");
    if (rest.length > 0 || !isSignedBy(this.keys, head)) return undefined;
    const bytes = Buffer.from(signature, "base64url");
    const isOurs = verify(ALGORITHM, Buffer.from(`${head}.${body}`), this.keys.publicKey, bytes);
    // Only tokens signed by this process get here.
    return isOurs ? remember(this.#verified, token, parse(body) as Claims) : undefined;
  }
}

const issuer = new TokenIssuer();

/**
 * The Authorization header for Google's calls as a service account. The token is valid for at least
 * another half hour.
 * https://cloud.google.com/run/docs/authenticating/service-to-service
 */
export function authorizationOf(identity: Identity, clock: LocalClock): string {
  return `${SCHEME}${issuer.token(identity, clock)}`;
}

/** Verifies that header. Undefined if it is missing, not Google's, or expired. */
export function identityIn(
  authorization: string | undefined,
  clock: LocalClock,
): Identity | undefined {
  if (!authorization?.startsWith(SCHEME)) return undefined;
  const claims = issuer.claims(authorization.slice(SCHEME.length), clock);
  return claims && { email: claims.email, audience: claims.aud };
}

/** The header as Cloud Run passes it on to a service, without the signature. */
export function withoutSignature(authorization: string): string {
  return authorization.replace(/^(Bearer [^.]+\.[^.]+)\..*$/, `$1.${NO_SIGNATURE}`);
}

/** The keys that verify tokens: https://www.googleapis.com/oauth2/v3/certs */
export function publicKeys(): { readonly keys: readonly JsonWebKey[] } {
  return { keys: [issuer.keys.jwk] };
}

function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: KEY_BITS });
  const jwk = publicKey.export({ format: "jwk" });
  const kid = createHash("sha1").update(JSON.stringify(jwk)).digest("hex");
  return { privateKey, publicKey, jwk: { ...jwk, alg: "RS256", kid, use: "sig" } };
}

function claimsOf({ email, audience }: Identity, iat: number): Claims {
  const sub = uniqueId(email);
  return {
    aud: audience,
    azp: sub,
    email,
    email_verified: true,
    exp: iat + VALID_SECONDS,
    iat,
    iss: ISSUER,
    sub,
  };
}

/** Google's numeric id of an account, here derived from its address. */
function uniqueId(email: string): string {
  const digest = createHash("sha256").update(email).digest("hex").slice(0, 16);
  return `1${BigInt(`0x${digest}`).toString().padStart(20, "0")}`;
}

function isSignedBy({ jwk }: Keys, head: string): boolean {
  const { alg, kid } = (parse(head) ?? {}) as Record<string, unknown>;
  return alg === "RS256" && kid === jwk.kid;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function parse(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return undefined;
  }
}

/** Stores a value; clears the map first when it is full. */
function remember<Value>(values: Map<string, Value>, key: string, value: Value): Value {
  if (values.size >= MAX_REMEMBERED) values.clear();
  values.set(key, value);
  return value;
}
