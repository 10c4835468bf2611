/** A part of the time axis in which nothing happened, drawn narrow. */
export interface Gap {
  /** Where it is drawn, from 0 to 1. */
  readonly at: number;
  readonly ms: number;
}

/** A time axis on which long waits are narrow. */
export interface Scale {
  /** Where a moment is drawn, from 0 to 1. */
  of(ms: number): number;
  readonly gaps: readonly Gap[];
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Waits longer than this, and than the work itself, are drawn narrow. */
const LEAST_GAP_MS = 2_000;
/** How wide a narrow wait is drawn. */
const GAP_WIDTH = 0.05;

/** The axis of a trace's calls, of which there is at least one. */
export function scaleOf(calls: readonly { startMs: number; durationMs: number }[]): Scale {
  const busy = merged(calls);
  const workMs = Math.max(1, sum(busy.map(({ startMs, endMs }) => endMs - startMs)));
  const width = 1 - GAP_WIDTH * (busy.length - 1);
  const perMs = Math.max(0.2, width) / workMs;
  let at = 0;
  const parts = busy.map((stretch, index) => {
    const startAt = index === 0 ? 0 : at + GAP_WIDTH;
    at = startAt + (stretch.endMs - stretch.startMs) * perMs;
    return { ...stretch, startAt };
  });
  const whole = Math.max(at, 1e-9);
  return {
    of: (ms) => {
      const part = parts.findLast(({ startMs }) => startMs <= ms) ?? parts[0];
      if (!part) return 0;
      const inside = Math.min(ms, part.endMs) - part.startMs;
      return Math.max(0, Math.min(1, (part.startAt + inside * perMs) / whole));
    },
    gaps: parts.slice(1).map(({ startAt, startMs }, index) => ({
      at: (startAt - GAP_WIDTH / 2) / whole,
      ms: startMs - (parts[index]?.endMs ?? startMs),
    })),
  };
}

/** The stretches of time in which something happened, without the long waits between them. */
function merged(calls: readonly { startMs: number; durationMs: number }[]): Stretch[] {
  const sorted = [...calls].sort((one, other) => one.startMs - other.startMs);
  const stretches: Stretch[] = [];
  for (const { startMs, durationMs } of sorted) {
    const last = stretches.at(-1);
    const endMs = startMs + Math.max(1, durationMs);
    if (last && startMs - last.endMs < LEAST_GAP_MS) {
      stretches[stretches.length - 1] = { ...last, endMs: Math.max(last.endMs, endMs) };
    } else stretches.push({ startMs, endMs });
  }
  return stretches;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
