/** What a refusal says besides its message. */
export interface RefusalDetails {
  /** 400 unless told. */
  readonly status?: number;
  /** "invalid_request_error" unless told. */
  readonly type?: string;
  readonly code?: string;
  readonly param?: string | undefined;
  readonly declineCode?: string;
  /** The call was refused before it began: nothing is kept under its idempotency key. */
  readonly beforeExecution?: boolean;
}

/** A refusal as Stripe words it: https://docs.stripe.com/api/errors */
export class StripeError extends Error {
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(message: string, details: RefusalDetails = {}) {
    super(message);
    this.status = details.status ?? 400;
    this.details = details;
  }

  /** The body of the answer. */
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

/** There is no object with this id: 404 when the path names it, 400 when a parameter does. */
export function noSuch(kind: string, id: string, param = "id"): StripeError {
  const status = param === "id" ? 404 : 400;
  return new StripeError(`No such ${kind}: '${id}'`, { status, code: "resource_missing", param });
}

/** Whose balance is too low for what was asked. */
export function insufficientBalance(message: string): StripeError {
  return new StripeError(message, { code: "balance_insufficient" });
}
