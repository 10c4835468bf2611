import { status } from "@grpc/grpc-js";
import { RpcError } from "../../kit/google/rpc.ts";

/** Whether a message with these attributes matches. */
export type Filter = (attributes: Readonly<Record<string, string>>) => boolean;

// https://cloud.google.com/pubsub/docs/subscription-message-filter
const MAX_FILTER_BYTES = 256;

const TOKEN = /\s*(?:(?<text>"(?:[^"\\]|\\.)*")|(?<word>\w[\w-]*)|(?<sign>!=|[=:.,()-]))/suy;

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r" };

interface Token {
  readonly kind: "text" | "word" | "sign" | "end";
  readonly value: string;
}

/**
 * Compiles a subscription's filter. Throws INVALID_ARGUMENT when it does not parse. AND and OR at
 * the same level need parentheses. `!=` also matches messages without the key.
 */
export function compileFilter(source: string): Filter {
  if (Buffer.byteLength(source) > MAX_FILTER_BYTES) {
    throw refusal(`it is longer than ${MAX_FILTER_BYTES} bytes`);
  }
  const parser = new FilterParser(tokensOf(source));
  return parser.parse();
}

function refusal(reason: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, `Invalid filter: ${reason}.`);
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const startedAt = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw refusal(`unexpected text at ${startedAt}`);
    if (groups.text) tokens.push({ kind: "text", value: unquote(groups.text) });
    else if (groups.word) tokens.push({ kind: "word", value: groups.word });
    else tokens.push({ kind: "sign", value: groups.sign ?? "" });
  }
  return tokens;
}

function unquote(literal: string): string {
  const escaped = /\\(?:u([\da-f]{4})|x([\da-f]{2})|([0-7]{3})|(.))/gisu;
  return literal.slice(1, -1).replace(escaped, (_, unicode, hex, octal, other) => {
    if (unicode ?? hex) return String.fromCharCode(Number.parseInt(unicode ?? hex, 16));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return ESCAPES[other] ?? other;
  });
}

class FilterParser {
  #tokens: Token[];

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  parse(): Filter {
    const filter = this.#expression();
    if (this.#tokens.length > 0) throw refusal(`unexpected ${this.#tokens[0]?.value}`);
    return filter;
  }

  #expression(): Filter {
    const parts = [this.#term()];
    const joint = this.#peek("AND") ? "AND" : "OR";
    while (this.#accept(joint)) parts.push(this.#term());
    if (this.#peek("AND") || this.#peek("OR")) throw refusal("AND with OR needs parentheses");
    return joint === "AND"
      ? (attributes) => parts.every((part) => part(attributes))
      : (attributes) => parts.some((part) => part(attributes));
  }

  #term(): Filter {
    if (this.#accept("NOT") || this.#accept("-")) {
      const negated = this.#term();
      return (attributes) => !negated(attributes);
    }
    if (this.#accept("(")) {
      const inner = this.#expression();
      this.#expect(")");
      return inner;
    }
    return this.#accept("hasPrefix") ? this.#prefix() : this.#comparison();
  }

  #prefix(): Filter {
    this.#expect("(");
    this.#expect("attributes");
    this.#expect(".");
    const key = this.#key();
    this.#expect(",");
    const prefix = this.#text();
    this.#expect(")");
    return (attributes) => attributes[key]?.startsWith(prefix) ?? false;
  }

  #comparison(): Filter {
    this.#expect("attributes");
    if (this.#accept(":")) {
      const key = this.#key();
      return (attributes) => Object.hasOwn(attributes, key);
    }
    this.#expect(".");
    const key = this.#key();
    if (this.#accept("=")) {
      const value = this.#text();
      return (attributes) => attributes[key] === value;
    }
    this.#expect("!=");
    const value = this.#text();
    return (attributes) => attributes[key] !== value;
  }

  #key(): string {
    const token = this.#next();
    if (token.kind === "word" || token.kind === "text") return token.value;
    throw refusal("an attribute key is missing");
  }

  #text(): string {
    const token = this.#next();
    if (token.kind !== "text") throw refusal("a value must be a quoted string");
    return token.value;
  }

  #next(): Token {
    return this.#tokens.shift() ?? { kind: "end", value: "" };
  }

  #peek(value: string): boolean {
    const token = this.#tokens[0];
    return token !== undefined && token.kind !== "text" && token.value === value;
  }

  #accept(value: string): boolean {
    if (!this.#peek(value)) return false;
    this.#tokens.shift();
    return true;
  }

  #expect(value: string): void {
    if (!this.#accept(value)) throw refusal(`${value} expected`);
  }
}
