import { answer } from "./answer.ts";
import { UsageError } from "./command-line.ts";
import { explainMistake } from "./mistake.ts";

const MISUSED = 2;

const typed = process.argv.slice(2);

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

await start().catch(fail);

async function start(): Promise<void> {
  const answered = answer(typed);
  if ("text" in answered) {
    process.stdout.write(answered.text);
    return;
  }
  const script = new URL(`../../${answered.script}`, import.meta.url);
  process.argv = [process.argv[0] ?? "", script.pathname, ...answered.words];
  await import(script.href);
}

/** A user's mistake is shown as a sentence, a defect of ours with its stack. */
function fail(error: unknown): void {
  const sentence = explainMistake(error);
  if (sentence !== undefined) {
    process.stderr.write(`${sentence.replace(/ +/g, " ")}\n`);
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${stack}\n\nThis is a defect of ./dev ${typed[0]}: please report it.\n`);
  }
  process.exit(error instanceof UsageError ? MISUSED : 1);
}
