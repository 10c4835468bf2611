import {
  type Parsed,
  readSettings,
  type SettingDefinitions,
} from "../../../shared/runtime/settings.ts";
import type { Reading } from "./reading.ts";

/** A webhook as it arrived. */
export interface Delivery {
  readonly body: Buffer;
  /** A header's value; empty where it is missing. */
  readonly header: (name: string) => string;
  readonly receivedAt: Date;
}

/**
 * What a delivery turned out to be: what it reports, in the order in which it is published; a probe of a new
 * webhook, which is answered and has no effect; bytes that cannot be parsed before their sender is known; or a
 * request that is not from the provider.
 */
export type Received = readonly Reading[] | "probe" | "not-json" | "not-theirs";

/** A setting that `./dev setup` asks for, and where people find it. */
interface ProviderQuestion<Name extends string> {
  readonly name: Name;
  readonly what: string;
  readonly where: string;
  /** What is missing without it. */
  readonly without: string;
}

/** What to do about refunds and disputes that a provider does not report: docs/decisions/0027-what-is-merch.md. */
export const UNREPORTED_REMEDY =
  "Book each as soon as you know of it: ./dev ops ledger refund; see docs/operations.md, Disputes that no webhook reports";

/** What the pages for people say about a provider, in Markdown without line breaks. */
interface ProviderDocs {
  /** What has to be set up at the provider, and with what. */
  readonly webhooks: string;
  /** How a request proves that it is from the provider. */
  readonly proof: string;
  /** How a purchase names its race. */
  readonly namesRace: string;
  /** What of a purchase counts. */
  readonly counts: string;
  /** How refunds are reported, and what of them counts. */
  readonly refunds: string;
  /** What the provider does not report, and what happens to deliveries that fail. */
  readonly gaps: string;
  /** How to replace its secret. */
  readonly rotation: string;
}

/** Everything the project knows of a provider, apart from its simulator. */
interface Definition<Name extends string, Settings extends SettingDefinitions> {
  /** The end of its webhooks' address, and the beginning of its sales' ids: small letters. */
  readonly name: Name;
  /** Its name as people write it. */
  readonly title: string;
  /** All of them may be left out: a community sets those of the providers it sells with. */
  readonly settings: Settings;
  readonly questions: readonly ProviderQuestion<Extract<keyof Settings, string>>[];
  /** A header that only its webhooks have, where they may be sent to an address without its name. */
  readonly ownHeader?: string;
  /** An unsigned request in its form, which the doctor expects to be refused; empty JSON by default. */
  readonly unsigned?: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** What nobody but a person can do at the provider; `url` is where its webhooks go. */
  byHand(url: string): readonly { readonly what: string; readonly remedy: string }[];
  readonly docs: ProviderDocs;
  /** Verifies a delivery on its raw bytes, then reads it. */
  receive(delivery: Delivery, settings: Parsed<Settings>): Received;
}

/** A provider of merch sales: `index.ts` lists all of them, and everything else is derived from there. */
export interface Provider<
  Name extends string = string,
  Settings extends SettingDefinitions = SettingDefinitions,
> extends Omit<Definition<Name, Settings>, "receive"> {
  /** Readies it with the function's environment. Throws ConfigError for malformed settings. */
  open(environment: Readonly<Record<string, string | undefined>>): (delivery: Delivery) => Received;
}

/** Completes a provider; its settings' types come from their schemas. */
export function defineProvider<
  const Name extends string,
  const Settings extends SettingDefinitions,
>({ receive, ...provider }: Definition<Name, Settings>): Provider<Name, Settings> {
  return {
    ...provider,
    open: (environment) => {
      const settings = readSettings(environment, provider.settings);
      return (delivery) => receive(delivery, settings);
    },
  };
}
