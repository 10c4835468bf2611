import * as z from "zod/mini";
import { isNotSignedIn, SIGN_IN } from "../../../cli/sign-in.ts";

/** A call that Google refused, with Google's own name for the reason. */
export class GoogleError extends Error {
  override name = "GoogleError";
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** Nobody is signed in on this machine, so no call could be made. */
export class NoCredentialsError extends Error {
  override name = "NoCredentialsError";
}

/** Calls one of Google's APIs. Throws GoogleError and NoCredentialsError. */
export interface GoogleRest {
  call<T>(method: string, path: string, schema: z.ZodMiniType<T>, body?: object): Promise<T>;
  /** Sends bytes to an address that the API has named. */
  upload(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** Which part of an API is called, and on whose account. */
export interface GoogleApiOptions {
  /** What its paths begin with; "v1" by default. */
  readonly version?: string;
  /** The project whose quota the calls count for; the one of the credentials by default. */
  readonly quotaProject?: string | undefined;
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const REQUEST_TIMEOUT_MS = 15_000;

/** A reason, or what is violated: a quota or a precondition, which the message does not name. */
const detail = z.object({
  reason: z.optional(z.string()),
  violations: z._default(z.array(z.object({ description: z._default(z.string(), "") })), []),
});
/** https://cloud.google.com/apis/design/errors#http_mapping */
const errorAnswer = z.object({
  error: z.object({
    message: z.string(),
    status: z._default(z.string(), ""),
    details: z._default(z.array(detail), []),
  }),
});

/**
 * Opens an API such as "secretmanager" with the application default credentials, or its emulator at
 * `emulatorHost` without credentials. https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function connectGoogle(
  api: string,
  emulatorHost: string | undefined,
  { version = "v1", quotaProject }: GoogleApiOptions = {},
): GoogleRest {
  const baseUrl = emulatorHost ? `http://${emulatorHost}` : `https://${api}.googleapis.com`;
  let authorise: ((url: string) => Promise<Headers>) | undefined;

  async function headersFor(url: string): Promise<Headers> {
    if (emulatorHost) return new Headers();
    if (!authorise) {
      const { GoogleAuth } = await import("google-auth-library");
      const auth = new GoogleAuth({ scopes: [SCOPE] });
      authorise = (each) => auth.getRequestHeaders(each);
    }
    try {
      const headers = await authorise(url);
      if (quotaProject !== undefined) headers.set("x-goog-user-project", quotaProject);
      return headers;
    } catch (error) {
      const what = isNotSignedIn(error) ? "nobody is signed in on this machine" : String(error);
      throw new NoCredentialsError(what, { cause: error });
    }
  }

  async function send(url: string, init: RequestInit, type?: string): Promise<unknown> {
    const headers = await headersFor(url);
    if (type !== undefined) headers.set("content-type", type);
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(url, { ...init, headers, signal });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const refusal = errorAnswer.safeParse(answer);
    const what = `${init.method} ${new URL(url).pathname} failed`;
    if (!refusal.success) throw new GoogleError(response.status, "", what);
    const { message, status, details } = refusal.data.error;
    const reason = details.find((detail) => detail.reason)?.reason ?? status;
    const violated = details.flatMap(({ violations }) =>
      violations.map((each) => each.description),
    );
    throw new GoogleError(response.status, reason, [message, ...violated].join(" "));
  }

  return {
    async call(method, path, schema, body) {
      const init = { method, ...(body && { body: JSON.stringify(body) }) };
      const url = `${baseUrl}/${version}/${path}`;
      return schema.parse(await send(url, init, body && "application/json"));
    },

    async upload(url, bytes) {
      await send(url, { method: "POST", body: bytes }, "application/octet-stream");
    },
  };
}

/** gRPC's codes for the refusals that a person can fix, as HTTP statuses. */
const HTTP_STATUSES: Readonly<Record<number, number>> = { 5: 404, 7: 403, 16: 401 };

/** What a person can do about a failed API call, over HTTP or gRPC. */
export function googleRemedy(error: unknown, api: string, projectId: string): string {
  const { message, reason, status } = factsOf(error);
  if (error instanceof NoCredentialsError || isNotSignedIn(error)) return SIGN_IN;
  if (reason === "SERVICE_DISABLED" || message.includes("SERVICE_DISABLED")) {
    return `Enable the API: gcloud services enable ${api}.googleapis.com --project ${projectId}`;
  }
  switch (status) {
    case 401:
      return "Sign in again: gcloud auth application-default login";
    case 403:
      return `Ask an owner of ${projectId} for access to ${api}, or sign in as one: gcloud auth application-default login`;
    case 404:
      return `Check that ${projectId} is the project's id: gcloud projects list. Then apply Terraform, which creates what is missing`;
    default:
      return "Run this again; if it still fails, look at https://status.cloud.google.com";
  }
}

function factsOf(error: unknown): { message: string; reason: string; status: number | undefined } {
  const message = error instanceof Error ? error.message : "";
  if (error instanceof GoogleError) return { message, reason: error.reason, status: error.status };
  const { code } = (error ?? {}) as { code?: unknown };
  const status = typeof code === "number" ? HTTP_STATUSES[code] : undefined;
  return { message, reason: "", status };
}
