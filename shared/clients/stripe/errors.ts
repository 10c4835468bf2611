/** Stripe refuses a call for good: asking again gives the same answer. Carries no secret. */
export class StripeRefusedError extends Error {
  override name = "StripeRefusedError";
  readonly isTerminal = true;
  /** Stripe's word for the reason: https://docs.stripe.com/error-codes */
  readonly code: string;
  /** The parameter it is about. */
  readonly parameter: string;

  constructor(message: string, { code, parameter }: { code: string; parameter: string }) {
    super(message);
    this.code = code;
    this.parameter = parameter;
  }

  /** The connected account, or the platform, has not enough to give. */
  get isLackOfBalance(): boolean {
    return this.code === "balance_insufficient" || this.code === "insufficient_funds";
  }

  /** The connected account is gone, or no longer ours to see. */
  get isLostAccount(): boolean {
    return this.code === "account_invalid";
  }

  /** The customer of a new session is deleted; another one can be created. */
  get isLostCustomer(): boolean {
    return this.code === "resource_missing" && this.parameter === "customer";
  }
}

/** Kinds of Stripe's errors that stay as they are however often one asks. */
const REFUSALS = new Set(["StripeInvalidRequestError", "StripePermissionError", "StripeCardError"]);

/** Turns Stripe's refusals into StripeRefusedError; other errors pass as they are. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { type, code, param, message } = error as {
      type?: string;
      code?: string;
      param?: string;
      message?: string;
    };
    if (!type || !REFUSALS.has(type)) throw error;
    throw new StripeRefusedError(message ?? type, { code: code ?? type, parameter: param ?? "" });
  }
}

/**
 * The call to Stripe failed before Stripe decided on it: nothing was made or refused. A retry may help, so this
 * error is never terminal.
 */
class StripeUnansweredError extends Error {
  override name = "StripeUnansweredError";
}

/**
 * Runs a call in which only a refusal of the request itself counts. If Stripe rejects our API key, throws
 * StripeUnansweredError instead.
 */
export async function unlessOurKey<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if ((error as { type?: string }).type !== "StripePermissionError") throw error;
    throw new StripeUnansweredError("Stripe refuses our key", { cause: error });
  }
}

/**
 * Runs a lookup. Any error becomes StripeUnansweredError, because a failed lookup does not mean that the object was
 * refused.
 */
export async function lookedFor<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new StripeUnansweredError("Stripe could not be asked", { cause: error });
  }
}

/** Keys one call may use up; each stands for one answer of 500 that Stripe will repeat for a day. */
const MAX_ATTEMPTS = 4;

/**
 * Makes something at Stripe once. An idempotency key gives its first answer again for a day, a 500
 * too: after one the next key is used, and `find` says whether the failed call has made it after
 * all. Later calls go through the same keys, so nothing of this need be stored.
 * https://docs.stripe.com/api/idempotent_requests
 */
export async function once<T>(
  key: string,
  create: (options: { idempotencyKey: string }) => Promise<T>,
  find: () => Promise<T | undefined> = async () => undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const known = await find();
    if (known) return known;
    try {
      return await create({ idempotencyKey: `${key}:${attempt}` });
    } catch (error) {
      // A 409 is no answer: the same call is under way, and what it makes is not to be seen yet.
      const { statusCode } = error as { statusCode?: number };
      const isAnswered = statusCode !== undefined && statusCode >= 500;
      if (!isAnswered || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
