import type { Request } from "express";
import { TwitchError } from "../twitch-error.ts";

/** The maximum number of ids or logins per call: https://dev.twitch.tv/docs/api/reference/ */
export const MAX_IDENTIFIERS = 100;

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

/** A call's query, with Helix's limits. */
export class Query {
  #parameters: URLSearchParams;

  constructor(request: Request) {
    this.#parameters = new URL(request.originalUrl, "http://twitch").searchParams;
  }

  one(name: string): string | undefined {
    return this.#parameters.get(name) ?? undefined;
  }

  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  /** Every value of a parameter that contains Twitch ids. */
  ids(name: string): string[] {
    return this.#identifiers(name, /^\d+$/);
  }

  /** Every value of a parameter that contains logins, in lower case. */
  logins(name: string): string[] {
    return this.#identifiers(name, /^\w+$/).map((login) => login.toLowerCase());
  }

  /** A parameter with a fixed set of values; the first is the default. */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const given = this.one(name) ?? words[0];
    const word = words.find((candidate) => candidate === given);
    if (!word) throw new TwitchError(400, `The parameter "${name}" was malformed.`);
    return word;
  }

  /** The page that `first` and `after` request, as the body of the response. */
  page<Item>(items: readonly Item[], pageSize?: number) {
    const first = pageSize ?? this.#pageSize();
    const start = this.#start();
    const end = start + first;
    const cursor = Buffer.from(String(end)).toString("base64url");
    return {
      data: items.slice(start, end),
      pagination: end < items.length ? { cursor } : {},
    };
  }

  #pageSize(): number {
    const first = Number(this.one("first") ?? DEFAULT_PAGE_SIZE);
    if (Number.isInteger(first) && first >= 1 && first <= MAX_PAGE_SIZE) return first;
    throw new TwitchError(400, `The parameter "first" must be from 1 to ${MAX_PAGE_SIZE}.`);
  }

  #start(): number {
    const after = this.one("after");
    if (!after) return 0;
    const start = Number(Buffer.from(after, "base64url").toString() || "none");
    if (!Number.isInteger(start) || start < 0) throw new TwitchError(400, "Invalid cursor.");
    return start;
  }

  #identifiers(name: string, form: RegExp): string[] {
    const values = this.#parameters.getAll(name);
    if (values.length > MAX_IDENTIFIERS) {
      throw new TwitchError(400, `The parameter "${name}" is given more than 100 times.`);
    }
    if (!values.every((value) => form.test(value))) {
      throw new TwitchError(400, `The parameter "${name}" was malformed.`);
    }
    return values;
  }
}
