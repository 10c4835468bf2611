import {
  createHash,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import type { LocalClock } from "./clock.ts";

/** Whom a token is of, and which service it was made out to. */
export interface Identity {
  readonly email: string;
  readonly audience: string;
}

/** What Google's tokens of service accounts say, times in seconds since the epoch. */
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

/** The keys that tokens are signed with. */
interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As JWKS have it. */
  readonly jwk: JsonWebKey & { readonly kid: string };
}

const ISSUER = "https://accounts.google.com";
const SCHEME = "Bearer ";
const ALGORITHM = "RSA-SHA256";
const VALID_SECONDS = 3_600;
/** A token is used for as long, so that it is good for as long again once it is sent. */
const USED_SECONDS = VALID_SECONDS / 2;
/**
 * The real time a token has to arrive in where the clock runs: advancing that by a day must not make a token
 * expire on its way.
 */
const MINIMUM_REAL_MS = 10_000;
/** How many tokens are remembered: some megabytes of them. */
const MAX_REMEMBERED = 5_000;
/** What Cloud Run leaves of a token's signature, so that nobody can use it again. */
const NO_SIGNATURE = "SIGNATURE_REMOVED_BY_GOOGLE";

/**
 * Signs and verifies the tokens of Google's service accounts. The keys are made once in each process, when
 * the first token is asked for. Two tokens for the same account, audience and half hour are the same, whoever
 * asks, so that signing costs next to nothing however many clouds there are.
 */
class TokenIssuer {
  #made: Keys | undefined;
  /** By what was signed. */
  #signed = new Map<string, string>();
  /** By the token. */
  #verified = new Map<string, Claims>();
  /** When a token was last asked for, in real time. */
  #sentAtMs = new Map<string, number>();

  get keys(): Keys {
    this.#made ??= makeKeys();
    return this.#made;
  }

  token({ email, audience }: Identity, clock: LocalClock): string {
    const seconds = Math.floor(clock.nowMs() / 1000);
    const iat = seconds - (seconds % USED_SECONDS);
    const sub = uniqueId(email);
    const token = this.#sign({
      aud: audience,
      azp: sub,
      email,
      email_verified: true,
      exp: iat + VALID_SECONDS,
      iat,
      iss: ISSUER,
      sub,
    });
    if (!clock.stands) remember(this.#sentAtMs, token, performance.now());
    return token;
  }

  /** What a token says; undefined where it is not ours, was changed, or has expired. */
  claims(token: string, clock: LocalClock): Claims | undefined {
    const claims = this.#verified.get(token) ?? this.#verify(token);
    if (!claims) return undefined;
    const isExpired = clock.nowMs() >= claims.exp * 1000;
    return isExpired && !this.#isOnItsWay(token, clock) ? undefined : claims;
  }

  #isOnItsWay(token: string, clock: LocalClock): boolean {
    const sentAtMs = this.#sentAtMs.get(token);
    return (
      !clock.stands && sentAtMs !== undefined && performance.now() - sentAtMs < MINIMUM_REAL_MS
    );
  }

  #sign(claims: Claims): string {
    const { jwk, privateKey } = this.keys;
    const head = { alg: "RS256", kid: jwk.kid, typ: "JWT" };
    const signed = [head, claims].map((part) => encode(JSON.stringify(part))).join(".");
    const known = this.#signed.get(signed);
    if (known) return known;
    const signature = sign(ALGORITHM, Buffer.from(signed), privateKey).toString("base64url");
    return remember(this.#signed, signed, `${signed}.${signature}`);
  }

  #verify(token: string): Claims | undefined {
    const [head = "", body = "", signature = "", ...rest] = token.split(".");
    if (rest.length > 0 || !isSignedBy(this.keys, head)) return undefined;
    const bytes = Buffer.from(signature, "base64url");
    const isOurs = verify(ALGORITHM, Buffer.from(`${head}.${body}`), this.keys.publicKey, bytes);
    // Only what this process has signed gets here.
    return isOurs ? remember(this.#verified, token, parse(body) as Claims) : undefined;
  }
}

const issuer = new TokenIssuer();

/**
 * The header of a call that Google makes as a service account: a token made out to the audience, which is
 * good for another half hour at least.
 * https://cloud.google.com/run/docs/authenticating/service-to-service
 */
export function authorizationOf(identity: Identity, clock: LocalClock): string {
  return `${SCHEME}${issuer.token(identity, clock)}`;
}

/** Verifies that header; undefined where it is missing, is not Google's, or has expired. */
export function identityIn(
  authorization: string | undefined,
  clock: LocalClock,
): Identity | undefined {
  if (!authorization?.startsWith(SCHEME)) return undefined;
  const claims = issuer.claims(authorization.slice(SCHEME.length), clock);
  return claims && { email: claims.email, audience: claims.aud };
}

/** The header as Cloud Run hands it on to a service, without its signature. */
export function withoutSignature(authorization: string): string {
  return authorization.replace(/^(Bearer [^.]+\.[^.]+)\..*$/, `$1.${NO_SIGNATURE}`);
}

/** What tokens are verified with: https://www.googleapis.com/oauth2/v3/certs */
export function publicKeys(): { readonly keys: readonly JsonWebKey[] } {
  return { keys: [issuer.keys.jwk] };
}

function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = publicKey.export({ format: "jwk" });
  const kid = createHash("sha1").update(JSON.stringify(jwk)).digest("hex");
  return { privateKey, publicKey, jwk: { ...jwk, alg: "RS256", kid, use: "sig" } };
}

/** The number that Google knows an account by; made of its address here. */
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

/** Keeps a value for later; begins anew where there are too many. */
function remember<Value>(values: Map<string, Value>, key: string, value: Value): Value {
  if (values.size >= MAX_REMEMBERED) values.clear();
  values.set(key, value);
  return value;
}
