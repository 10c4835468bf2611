import type { Seconds } from "../../kit/google/protobuf-time.ts";

/** `google.cloud.tasks.v2.HttpRequest`. */
export interface WireHttpRequest {
  readonly url: string;
  readonly httpMethod: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly oauthToken?: { readonly serviceAccountEmail: string; readonly scope: string } | null;
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience: string } | null;
}

/** `google.cloud.tasks.v2.Attempt`. */
export interface WireAttempt {
  readonly scheduleTime?: Seconds;
  readonly dispatchTime: Seconds;
  readonly responseTime?: Seconds;
  readonly responseStatus?: { readonly code: number; readonly message: string };
}

/** The fields of `google.cloud.tasks.v2.Task` that a caller sets. */
export interface WireTask {
  readonly name: string;
  readonly httpRequest?: WireHttpRequest | null;
  readonly scheduleTime: Seconds | null;
  readonly dispatchDeadline: Seconds | null;
}

/** `google.cloud.tasks.v2.Task.View`; BASIC omits the body. */
export type WireView = "VIEW_UNSPECIFIED" | "BASIC" | "FULL";

/** The fields of `google.cloud.tasks.v2.Queue` that the emulator uses. */
export interface WireQueue {
  readonly name: string;
  readonly rateLimits: {
    readonly maxDispatchesPerSecond: number;
    readonly maxConcurrentDispatches: number;
  } | null;
  readonly retryConfig: {
    readonly maxAttempts: number;
    readonly maxRetryDuration: Seconds | null;
    readonly minBackoff: Seconds | null;
    readonly maxBackoff: Seconds | null;
    readonly maxDoublings: number;
  } | null;
}
