import { createInterface } from "node:readline/promises";
import { type Readable, Writable } from "node:stream";
import { type Question, questions } from "../settings/questions.ts";
import { type GivenName, isOpen, isSecret, isWellFormed, type Values } from "../settings/values.ts";

/** A person's terminal. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** The user has pressed Ctrl+C, or closed the terminal. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/**
 * Asks for each setting that has no answer yet, or a malformed one. An empty answer is valid if the
 * installation works without the setting. Secrets are not echoed. Without a terminal, nothing is asked.
 * Throws InterruptedError.
 */
export async function ask(
  values: Values,
  terminal: Terminal,
  names: readonly GivenName[] = questions.map(({ name }) => name),
): Promise<Values> {
  const open = questions.filter((question) => {
    const value = values[question.name];
    const isWrong = value !== undefined && !isWellFormed(question.name, value);
    return names.includes(question.name) && (isWrong || isOpen(question, values));
  });
  if (open.length === 0 || terminal.input.isTTY !== true) return values;
  const reader = openReader(terminal);
  const answers: Values = { ...values };
  try {
    for (const question of open) {
      const answer = await askOne(question, terminal, reader);
      if (answer !== "") answers[question.name] = answer;
    }
    return answers;
  } finally {
    reader.close();
  }
}

async function askOne(
  { name, what, where, without }: Question,
  { output }: Terminal,
  reader: Reader,
): Promise<string> {
  output.write(`\n${name}: ${what}\n  ${where}\n`);
  if (without) output.write(`  Leave it empty to continue without it. ${without}\n`);
  for (;;) {
    const answer = await reader.line("  > ", isSecret(name));
    const isGood = answer === "" ? without !== undefined : isWellFormed(name, answer);
    if (isGood) return answer;
    output.write("  That is malformed. Please copy it again from where it is found.\n");
  }
}

/** Reads a terminal line by line. */
export interface Reader {
  /** The next line, trimmed; a hidden one is not echoed. */
  line(prompt: string, isHidden: boolean): Promise<string>;
  close(): void;
}

/** Opens a terminal. Reading throws InterruptedError once it is closed. */
export function openReader({ input, output }: Terminal): Reader {
  let isMuted = false;
  const echo = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  const closed = new AbortController();
  lines.once("SIGINT", () => lines.close());
  lines.once("close", () => closed.abort());
  return {
    line: async (prompt, isHidden) => {
      // Muted first, so that what was typed ahead is not echoed either.
      isMuted = isHidden;
      try {
        const line = lines.question(prompt, { signal: closed.signal });
        if (isHidden) output.write(prompt);
        return (await line).trim();
      } catch (error) {
        if (closed.signal.aborted) throw new InterruptedError("Stopped.", { cause: error });
        throw error;
      } finally {
        isMuted = false;
        if (isHidden) output.write("\n");
      }
    },
    close: () => lines.close(),
  };
}
