/** Receives each choice's label and value, to print a run. */
export type ChoiceListener = (label: string, value: number) => void;

/**
 * Names that changed after simulations were recorded, and the names under which their labels are
 * hashed. Without them a recorded seed would draw something else and no longer reproduce its
 * defect.
 */
const FORMER_FUNCTION = { name: "auction-control", former: "auction-desk" };
const FORMER_PREFIX = { name: "action ", former: "deed " };

/**
 * All random decisions of a run. A choice has a label; its value depends only on the seed, the
 * label and how often the label was used before. Other events do not change it.
 */
export class Choices {
  readonly seed: number;
  #labels = new Map<string, { readonly hashed: number; times: number }>();
  #listen: ChoiceListener;

  constructor(seed: number, listen: ChoiceListener = () => {}) {
    this.seed = seed;
    this.#listen = listen;
  }

  /** From 0 to below 1. */
  unit(label: string): number {
    let known = this.#labels.get(label);
    if (!known) {
      known = { hashed: mixed(`${hashedAs(label)}#`, begun(this.seed)), times: 0 };
      this.#labels.set(label, known);
    }
    const value = finalized(mixed(String(known.times), known.hashed));
    known.times += 1;
    this.#listen(label, value);
    return value;
  }

  isChosen(label: string, probability: number): boolean {
    return probability > 0 && this.unit(label) < probability;
  }

  /** An integer from `least` to `most`, both inclusive. */
  whole(label: string, least: number, most: number): number {
    return least + Math.floor(this.unit(label) * (most - least + 1));
  }

  /** One of the items; undefined if there are none. */
  oneOf<Item>(label: string, items: readonly Item[]): Item | undefined {
    return items.length > 0 ? items[this.whole(label, 0, items.length - 1)] : undefined;
  }

  /** A separate generator, for example for everything that one instance draws. */
  stream(label: string): () => number {
    const hashed = mixed(`${label}#`, begun(this.seed));
    let time = 0;
    return () => finalized(mixed(String(time++), hashed));
  }
}

function hashedAs(label: string): string {
  const text = label.startsWith(FORMER_PREFIX.name)
    ? FORMER_PREFIX.former + label.slice(FORMER_PREFIX.name.length)
    : label;
  return text.replace(FORMER_FUNCTION.name, FORMER_FUNCTION.former);
}

/** A hash of a text and a seed in [0, 1): FNV-1a with the finalizer of MurmurHash3. */
export function hash(text: string, seed: number): number {
  return finalized(mixed(text, begun(seed)));
}

function begun(seed: number): number {
  return (seed ^ 0x811c9dc5) >>> 0;
}

/** The state of the hash after the text. */
function mixed(text: string, state: number): number {
  let value = state;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}

function finalized(state: number): number {
  let value = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}
