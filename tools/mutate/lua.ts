import type { Change, Place } from "./place.ts";

/** Comments and strings, which stay; words, numbers and operators, which may be mutated. */
const TOKEN =
  /--\[\[[\s\S]*?\]\]|--[^\n]*|"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|\d+|[=~<>]=|[-+*/%<>=]/g;

const CHANGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["<", ["<=", ">="]],
  ["<=", ["<", ">"]],
  [">", [">=", "<="]],
  [">=", [">", "<"]],
  ["==", ["~="]],
  ["~=", ["=="]],
  ["and", ["or"]],
  ["or", ["and"]],
  ["not", [""]],
  ["true", ["false"]],
  ["false", ["true"]],
  ["+", ["-"]],
  ["-", ["+"]],
  ["*", ["/"]],
  ["/", ["*"]],
  ["math.max", ["math.min"]],
  ["math.min", ["math.max"]],
  ["math.floor", ["math.ceil"]],
]);
/** A condition on one line, and a call that is a statement of its own. */
const CONDITION = /^( *(?:else)?if )(.+)( then)$/gm;
const STATEMENT = /^ *redis\.call\((?:[^()]|\([^()]*\))*\)$/gm;

/** The places at which a script can be mutated, found by its tokens. */
export function placesInLua(file: string, source: string): Place[] {
  const places: Change[][] = [];
  for (const { 0: token, index } of source.matchAll(TOKEN)) {
    const texts = /^\d+$/.test(token)
      ? [String(Number(token) + 1), String(Number(token) - 1)]
      : CHANGES.get(token);
    if (texts) places.push(texts.map((text) => changeOf(index, token, text)));
  }
  for (const { 1: head = "", 2: condition = "", index } of source.matchAll(CONDITION)) {
    const at = index + head.length;
    places.push(["true", "false"].map((text) => changeOf(at, condition, text)));
  }
  for (const { 0: statement, index } of source.matchAll(STATEMENT)) {
    places.push([changeOf(index, statement, "")]);
  }
  return places.map((changes) => ({ file, changes }));
}

function changeOf(start: number, before: string, text: string): Change {
  return { start, end: start + before.length, text };
}
