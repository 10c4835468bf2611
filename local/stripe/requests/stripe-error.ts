/** Fields of an error besides its message. */
export interface RefusalDetails {
  /** 400 by default. */
  readonly status?: number;
  /** "invalid_request_error" by default. */
  readonly type?: string;
  readonly code?: string;
  readonly param?: string | undefined;
  readonly declineCode?: string;
  /** Whether the call was refused before execution: nothing is stored under its idempotency key. */
  readonly beforeExecution?: boolean;
}

/** An error as Stripe formats it: https://docs.stripe.com/api/errors */
export class StripeError extends Error {
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(message: string, details: RefusalDetails = {}) {
    super(message);
    this.status = details.status ?? 400;
    this.details = details;
  }

  /** The body of the response. */
  toJson(): { error: Record<string, string> } {
    const { type = "invalid_request_error", code, param, declineCode } = this.details;
    return {
      error: {
        type,
        message: this.message,
        ...(code === undefined
          ? {}
          : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` }),
        ...(param === undefined ? {} : { param }),
        ...(declineCode === undefined ? {} : { decline_code: declineCode }),
      },
    };
  }
}

/** No object has this id: 404 when the path names it, 400 when a parameter does. */
export function noSuch(kind: string, id: string, param = "id"): StripeError {
  const status = param === "id" ? 404 : 400;
  return new StripeError(`No such ${kind}: '${id}'`, { status, code: "resource_missing", param });
}

/** The balance is too low for the requested amount. */
export function insufficientBalance(message: string): StripeError {
  return new StripeError(message, { code: "balance_insufficient" });
}
