import { isSecret, isWellFormed, type Values } from "../../settings/values.ts";
import { openReader, type Terminal } from "../../setup/ask.ts";
import { BlockedError } from "../step.ts";
import type { InstallQuestion } from "./questions.ts";

/** One of several things to choose from. */
export interface Choice {
  readonly id: string;
  readonly title: string;
}

/** The person at the terminal. Questions throw InterruptedError, and BlockedError when there is no terminal. */
export interface Person {
  readonly isThere: boolean;
  say(line: string): void;
  /** Asks for all parts of an answer. Enter alone gives none, which keeps what is known. */
  answer(question: InstallQuestion, hint?: string): Promise<Values>;
  /** Asks for one of several, by its number or id. `instead` is what to do without a terminal. */
  choose(what: string, choices: readonly Choice[], instead: string): Promise<string>;
  /**
   * Shows what will be done and what else is possible, until the person presses Enter. `instead` is what to do without
   * a terminal.
   */
  confirm(what: string, alternative: string, instead: string): Promise<void>;
  /** Asks for a word, such as a name to confirm something. */
  word(what: string): Promise<string>;
  /** Waits until the person has done something elsewhere. */
  acknowledge(): Promise<void>;
}

/** A person who types into this terminal. */
export function personAt(terminal: Terminal): Person {
  const isThere = terminal.input.isTTY === true;
  const say = (line: string) => void terminal.output.write(`${line}\n`);

  async function line(prompt: string, isHidden = false): Promise<string> {
    const reader = openReader(terminal);
    try {
      return await reader.line(prompt, isHidden);
    } finally {
      reader.close();
    }
  }

  const person: Person = {
    isThere,
    say,
    async answer({ name, what, where, parts }, hint) {
      if (!isThere) {
        const settings = parts.map(({ setting }) => setting).join(" and ");
        throw new BlockedError(
          `nobody is at a terminal to type ${settings}`,
          `Run this in a terminal, or set ${settings} in c500.env. ${what}: ${where.join(" ")}`,
        );
      }
      say(`\n${name}: ${what}.`);
      for (const each of hint ? [...where, hint] : where) say(`  ${each}`);
      if (parts.length > 1) {
        say("  Type both on one line with a space between them, or one after the other.");
      }
      const answers: Values = {};
      const isHidden = parts.some(({ setting }) => isSecret(setting));
      if (isHidden) say("  What you type or paste is not shown.");
      let words = wordsOf(await line("  > ", isHidden));
      while (words.length > parts.length) {
        say(
          `  That is more than ${parts.map(({ what: part }) => part).join(" and ")}: type it again.`,
        );
        words = wordsOf(await line("  > ", isHidden));
      }
      if (words.length === 0) return answers;
      for (const { setting, what: part } of parts) {
        for (;;) {
          const word = words.shift();
          if (word !== undefined && isWellFormed(setting, word)) {
            answers[setting] = word;
            break;
          }
          if (word !== undefined) say(`  That is not ${part}: please copy it again.`);
          words = wordsOf(await line(`  ${part} > `, isHidden));
        }
      }
      return answers;
    },
    async choose(what, choices, instead) {
      if (!isThere) {
        throw new BlockedError(
          `nobody is at a terminal to choose: ${what}`,
          `Run this in a terminal, or ${instead}`,
        );
      }
      say(`\n${what} Type its number.`);
      for (const [index, { id, title }] of choices.entries()) {
        say(`  ${index + 1}  ${title} (${id})`);
      }
      for (;;) {
        const typed = await line("  > ");
        const found = choices[Number(typed) - 1] ?? choices.find(({ id }) => id === typed);
        if (found) return found.id;
        say(`  Type a number from 1 to ${choices.length}.`);
      }
    },
    async confirm(what, alternative, instead) {
      if (!isThere) {
        throw new BlockedError(
          `nobody is at a terminal to confirm: ${what}`,
          `Run this in a terminal, or ${instead}`,
        );
      }
      say(`\n${what}.`);
      say(`  ${alternative}`);
      await line("  Press Enter to go on with it, or Ctrl+C to go on another time: ");
    },
    async word(what) {
      if (!isThere) throw new BlockedError(what, "Run this in a terminal");
      say(`\n${what}`);
      return await line("  > ");
    },
    async acknowledge() {
      await line("  Press Enter when that is done, or Ctrl+C to go on another time: ");
    },
  };
  return person;
}

function wordsOf(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((word) => word !== "");
}
