import type { ErrorRequestHandler, RequestHandler } from "express";
import type { LocalClock } from "../clock.ts";
import type { FaultPlan, FaultTarget } from "../faults.ts";

/** Google's error codes and their HTTP statuses. */
const HTTP_STATUS = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
} as const;

/** https://cloud.google.com/apis/design/errors#error_payloads */
const QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure";

/** An error in the format of Google's REST APIs: https://cloud.google.com/apis/design/errors */
export class GoogleRestError extends Error {
  readonly status: keyof typeof HTTP_STATUS;
  /** Google's own name for the reason, such as SERVICE_DISABLED. */
  readonly reason: string | undefined;
  /** What exceeds a quota, if that is the reason. */
  readonly violation: string | undefined;

  constructor(
    status: keyof typeof HTTP_STATUS,
    message: string,
    reason?: string,
    violation?: string,
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.violation = violation;
  }
}

/**
 * Applies planned faults to calls by method and path, such as "GET /v1/projects/P/secrets". A
 * failure's code is an HTTP status.
 */
export function applyGoogleFaults(
  target: FaultTarget,
  { clock, faults }: { readonly clock: LocalClock; readonly faults: FaultPlan },
): RequestHandler {
  return async (request, response, next) => {
    const fault = await faults.apply(clock, target, `${request.method} ${request.path}`);
    if (fault?.kind === "drop") {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === "fail") {
      const error = { code: fault.code, message: "A planned failure", status: "UNKNOWN" };
      response.status(fault.code).json({ error });
      return;
    }
    if (fault?.kind === "lose-answer") {
      response.end = () => {
        request.socket.destroy();
        return response;
      };
    }
    next();
  };
}

/** Answers with the error. */
export const googleErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  const refusal = error instanceof GoogleRestError ? error : undefined;
  const code = refusal ? HTTP_STATUS[refusal.status] : (error.status ?? 500);
  const status = refusal?.status ?? (code < 500 ? "INVALID_ARGUMENT" : "INTERNAL");
  const details = refusal ? detailsOf(refusal) : [];
  const body = { code, message: String(error.message), status, ...(details[0] && { details }) };
  response.status(code).json({ error: body });
};

function detailsOf({ reason, violation }: GoogleRestError): object[] {
  return [
    ...(reason ? [{ reason, domain: "googleapis.com" }] : []),
    ...(violation
      ? [{ "@type": QUOTA_FAILURE, violations: [{ subject: "", description: violation }] }]
      : []),
  ];
}

/** One page of a list, and the token of the next one, which is an offset. */
export function restPage<Item>(
  items: readonly Item[],
  query: Readonly<Record<string, unknown>>,
  maxPageSize: number,
): { items: Item[]; nextPageToken?: string } {
  const start = Number(query["pageToken"] ?? 0);
  const size = Number(query["pageSize"] ?? 0);
  if (!Number.isInteger(start) || start < 0 || !Number.isInteger(size) || size < 0) {
    throw new GoogleRestError("INVALID_ARGUMENT", "The page size or page token is not valid.");
  }
  const end = start + Math.min(size || maxPageSize, maxPageSize);
  return {
    items: items.slice(start, end),
    ...(end < items.length && { nextPageToken: String(end) }),
  };
}
