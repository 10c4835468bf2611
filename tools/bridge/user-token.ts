import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { systemClock } from "../../shared/runtime/clock.ts";
import { BridgeError } from "./bridge-error.ts";
import { realNowMs } from "./local-cloud.ts";

const TOKEN_FILE = ".local/twitch-token.json";
/** A token is renewed this long before it expires. */
const MARGIN_MS = 5 * 60_000;
/** https://dev.twitch.tv/docs/authentication/validate-tokens/ requires this of every app that keeps a session. */
const VALIDATE_EVERY_MS = 60 * 60_000;

const kept = z.object({
  clientId: z.string(),
  accessToken: z.string(),
  refreshToken: z.string(),
  endsAtMs: z.number(),
});
type KeptToken = z.infer<typeof kept>;

const tokenAnswer = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
});
const deviceAnswer = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  expires_in: z.number(),
  interval: z.number(),
});
const refusalAnswer = z.object({ message: z.string() });

/** The application that the user token is for. */
export interface TokenOptions {
  readonly authBaseUrl: string;
  readonly clientId: string;
  /** Only confidential clients have one. */
  readonly clientSecret: string | undefined;
  say(line: string): void;
}

/** A person's token: stored in `.local`, renewed before it expires. */
export interface UserToken {
  /** Throws BridgeError when Twitch does not renew it; the next start then asks the person again. */
  get(): Promise<string>;
  /** Renews the token after Twitch refused it. */
  renew(): Promise<string>;
}

/**
 * Opens the token of a person who allows the application at twitch.tv/activate. The person is asked once, by the
 * device code grant. https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/
 */
export async function openUserToken(options: TokenOptions): Promise<UserToken> {
  let token = readToken(options.clientId) ?? (await askPerson(options));
  let validatedAtMs = Number.NEGATIVE_INFINITY;
  let renewal: Promise<string> | undefined;

  const renew = () => {
    // A refresh token can be used once: all callers wait for the same renewal.
    renewal ??= renewOnce().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  async function renewOnce(): Promise<string> {
    token = (await refresh(token, options)) ?? (await askPerson(options));
    validatedAtMs = realNowMs();
    return token.accessToken;
  }

  return {
    renew,
    async get() {
      const nowMs = realNowMs();
      if (nowMs > token.endsAtMs - MARGIN_MS) return renew();
      if (nowMs - validatedAtMs < VALIDATE_EVERY_MS) return token.accessToken;
      if (!(await isValid(token, options))) return renew();
      validatedAtMs = nowMs;
      return token.accessToken;
    },
  };
}

async function askPerson(options: TokenOptions): Promise<KeptToken> {
  // A token without scopes can read everything public.
  const answer = await post("/device", { scopes: "" }, options);
  if (!answer.ok) {
    const reason = await reasonOf(answer);
    throw new BridgeError(
      `Twitch issued no device code: ${reason}. Check TWITCH_CLIENT_ID against https://dev.twitch.tv/console/apps.`,
    );
  }
  const device = deviceAnswer.parse(await answer.json());
  options.say(`Open ${device.verification_uri}`);
  options.say(`and allow the application there; the code is ${device.user_code}. Waiting…`);
  const endsAtMs = realNowMs() + device.expires_in * 1000;
  while (realNowMs() < endsAtMs) {
    await systemClock.sleep(device.interval * 1000);
    const form = {
      device_code: device.device_code,
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    };
    const asked = await post("/token", form, options);
    if (asked.ok) return keep(await asked.json(), options);
    // Twitch also answers "invalid device code" while the person has not finished.
    if (asked.status !== 400) {
      throw new BridgeError(`Twitch refused the device: ${await reasonOf(asked)}. Start again.`);
    }
  }
  throw new BridgeError("Nobody allowed the application in time. Start ./dev bridge again.");
}

/** Undefined when the person has to allow the application again. */
async function refresh(token: KeptToken, options: TokenOptions): Promise<KeptToken | undefined> {
  const form = { grant_type: "refresh_token", refresh_token: token.refreshToken };
  const secret = options.clientSecret ? { client_secret: options.clientSecret } : {};
  const answer = await post("/token", { ...form, ...secret }, options);
  if (answer.ok) return keep(await answer.json(), options);
  const reason = await reasonOf(answer);
  if (answer.status >= 500) throw new BridgeError(`Twitch did not renew the token: ${reason}`);
  options.say(`Twitch no longer accepts the token in ${TOKEN_FILE} (${reason}).`);
  return undefined;
}

async function isValid({ accessToken }: KeptToken, { authBaseUrl }: TokenOptions) {
  const headers = { authorization: `OAuth ${accessToken}` };
  const answer = await fetch(`${authBaseUrl}/validate`, { headers });
  await answer.body?.cancel();
  return answer.status !== 401;
}

function post(
  path: string,
  form: Readonly<Record<string, string>>,
  { authBaseUrl, clientId }: TokenOptions,
): Promise<Response> {
  const body = new URLSearchParams({ client_id: clientId, ...form });
  return fetch(`${authBaseUrl}${path}`, { method: "POST", body });
}

async function reasonOf(answer: Response): Promise<string> {
  const refusal = refusalAnswer.safeParse(await answer.json().catch(() => undefined));
  return refusal.success ? refusal.data.message : `status ${answer.status}`;
}

function readToken(clientId: string): KeptToken | undefined {
  try {
    const token = kept.parse(JSON.parse(readFileSync(TOKEN_FILE, "utf8")));
    return token.clientId === clientId ? token : undefined;
  } catch {
    return undefined;
  }
}

/** Only the owner of the file may read it. The write is atomic: a crash leaves the old token or the new one. */
function keep(answer: unknown, { clientId }: TokenOptions): KeptToken {
  const { access_token, refresh_token, expires_in } = tokenAnswer.parse(answer);
  const token = {
    clientId,
    accessToken: access_token,
    refreshToken: refresh_token,
    endsAtMs: realNowMs() + expires_in * 1000,
  };
  mkdirSync(dirname(TOKEN_FILE), { recursive: true });
  writeFileSync(`${TOKEN_FILE}.new`, JSON.stringify(token), { mode: 0o600 });
  renameSync(`${TOKEN_FILE}.new`, TOKEN_FILE);
  return token;
}
