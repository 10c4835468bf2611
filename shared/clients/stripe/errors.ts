/** Stripe refused a call for good; a retry gets the same answer. Contains no secret. */
export class StripeRefusedError extends Error {
  override name = "StripeRefusedError";
  readonly isTerminal = true;
  /** Stripe's word for the reason: https://docs.stripe.com/error-codes */
  readonly code: string;
  /** The parameter that Stripe objects to. */
  readonly parameter: string;

  constructor(message: string, { code, parameter }: { code: string; parameter: string }) {
    super(message);
    this.code = code;
    this.parameter = parameter;
  }

  /** Whether the connected account or the platform has too little available. */
  get isLackOfBalance(): boolean {
    return this.code === "balance_insufficient" || this.code === "insufficient_funds";
  }

  /** Whether the connected account is gone, or we may no longer access it. */
  get isLostAccount(): boolean {
    return this.code === "account_invalid";
  }

  /** Whether the account that a transfer goes to is gone, or no longer connected. */
  get isLostDestination(): boolean {
    return this.code === "resource_missing" && this.parameter === "destination";
  }

  /** Whether the customer of a new session was deleted; another one can be created. */
  get isLostCustomer(): boolean {
    return this.code === "resource_missing" && this.parameter === "customer";
  }
}

/** Stripe's types of errors for which a retry cannot help. */
const REFUSALS = new Set(["StripeInvalidRequestError", "StripePermissionError", "StripeCardError"]);

/** Whether Stripe refused a call for good. */
export function isRefusal(error: unknown): boolean {
  return REFUSALS.has((error as { type?: string }).type ?? "");
}

/**
 * Whether Stripe did not execute a call because an earlier one had the same idempotency key and other parameters. A 409
 * has the same type, and means that a call with the key is still in progress.
 * https://docs.stripe.com/api/idempotent_requests
 */
export function isUsedKey(error: unknown): boolean {
  const { type, statusCode } = error as { type?: string; statusCode?: number };
  return type === "StripeIdempotencyError" && statusCode === 400;
}

/** Turns Stripe's refusals into StripeRefusedError; other errors pass unchanged. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { type, code, param, message } = error as {
      type: string;
      code?: string;
      param?: string;
      message?: string;
    };
    throw new StripeRefusedError(message ?? type, { code: code ?? type, parameter: param ?? "" });
  }
}

/**
 * The call failed before Stripe decided on it: nothing was created or refused. A retry may help, so this
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

/**
 * The most idempotency keys of one call. Each key that got a 500 is used up, because Stripe repeats that answer for a
 * day.
 */
const MAX_ATTEMPTS = 4;

/**
 * Creates something at Stripe once. Stripe repeats the first answer to an idempotency key for a day, even a 500. After
 * a 500 the next key is used, once `find` has checked whether the failed call created the object after all. Later calls
 * go through the same keys, so nothing about them is stored.
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
      // A 409 is no answer: the same call is under way, and `find` cannot see its object yet.
      const { statusCode } = error as { statusCode?: number };
      const isAnswered = statusCode !== undefined && statusCode >= 500;
      if (!isAnswered || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
