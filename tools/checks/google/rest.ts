import * as z from "zod/mini";
import { isNotSignedIn, SIGN_IN } from "../../cli/sign-in.ts";

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
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const REQUEST_TIMEOUT_MS = 15_000;

/** https://cloud.google.com/apis/design/errors#http_mapping */
const errorAnswer = z.object({
  error: z.object({
    message: z.string(),
    status: z._default(z.string(), ""),
    details: z._default(z.array(z.object({ reason: z.optional(z.string()) })), []),
  }),
});

/**
 * Opens an API such as "secretmanager" with the application default credentials, or its emulator at
 * `emulatorHost` without credentials. https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function connectGoogle(api: string, emulatorHost: string | undefined): GoogleRest {
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
      return await authorise(url);
    } catch (error) {
      const what = isNotSignedIn(error) ? "nobody is signed in on this machine" : String(error);
      throw new NoCredentialsError(what, { cause: error });
    }
  }

  return {
    async call(method, path, schema, body) {
      const url = `${baseUrl}/v1/${path}`;
      const headers = await headersFor(url);
      if (body) headers.set("content-type", "application/json");
      const response = await fetch(url, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok) return schema.parse(answer);
      const refusal = errorAnswer.safeParse(answer);
      if (!refusal.success) throw new GoogleError(response.status, "", `${method} ${path} failed`);
      const { message, status, details } = refusal.data.error;
      const reason = details.find((detail) => detail.reason)?.reason ?? status;
      throw new GoogleError(response.status, reason, message);
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
