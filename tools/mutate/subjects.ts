import { globSync, readFileSync } from "node:fs";
import { matchesGlob } from "node:path";

/** Files whose every change a test should notice, and the tests that should, the nearest first. */
interface Subject {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const REFUNDS = [
  ...tests(
    "shop",
    "order-books debt-books refund-books release-books payment-books refunds money builder-money held-money dashboard-refunds disputes dispute-fee",
  ),
  ...tests(
    "shop",
    "interrupted refund-again payments reservations first-sale payout-accounts drops",
  ),
  ...tests("race", "merch-disputes"),
];
const PAYOUTS = tests(
  "race",
  "payout-books payout payout-stripe payout-trouble payout-again payouts-desk wallet",
);
const SALES = [
  ...tests(
    "race",
    "merch-books sale-books ledger-books booking merch-in corrections sales-in merch-disputes leaver what-is-merch",
  ),
  ...tests("race", "ledger-ops notices window"),
];
const AUCTIONS = [
  ...tests("auction", "script-rules bidding under-fire controls opening after-the-hammer model"),
  ...tests("auction", "trouble settling-races opening-races sweeping"),
];

/** In the order in which a file looks for its subject; the domain's unit tests come before all. */
const SUBJECTS: readonly Subject[] = [
  { files: ["shared/auction/*.lua"], tests: AUCTIONS },
  {
    files: [
      "shared/shop/{refund-order,settle-checkout,release-order,follow-dispute}.ts",
      "shared/shop/{collect-debt,held-payment,hold-steps,order-of-payment}.ts",
      "shared/store/{refunds,refund-document,debts,debt-plans,debt-document,releases,builder-part}.ts",
      "shared/store/{typed-refunds,disputes,payments}.ts",
      "shared/domain/{builder-part,order,refund}.ts",
    ],
    tests: REFUNDS,
  },
  { files: ["shared/store/{payouts,wallets}.ts", "shared/wallet/*.ts"], tests: PAYOUTS },
  { files: ["shared/domain/{payout,tax}.ts"], tests: PAYOUTS },
  {
    files: ["shared/domain/money-command.ts"],
    tests: ["test/race/payout-again", ...tests("shop", "refund-again")],
  },
  {
    files: [
      "shared/store/{sales,sale-disputes,ledger,corrections}.ts",
      "shared/race/{merch,merch-dispute}.ts",
      "shared/domain/{sale,sale-reading,share-freeze,correction,commission,ledger}.ts",
    ],
    tests: SALES,
  },
  {
    files: ["shared/domain/race.ts"],
    tests: tests("race", "lobby lobby-rules window leaver hosts booking"),
  },
  { files: ["shared/domain/auction.ts"], tests: AUCTIONS },
  { files: ["shared/domain/auction-form.ts"], tests: tests("auction", "opening desk controls") },
  { files: ["shared/domain/bidding-bar.ts"], tests: tests("auction", "bars unpayable") },
  {
    files: ["shared/domain/second-chance.ts"],
    tests: tests("auction", "after-the-hammer unpayable"),
  },
  {
    files: ["shared/domain/account-age.ts", "shared/domain/limits.ts"],
    tests: [
      ...tests("gates", "limits security-page"),
      ...tests("shop", "limits"),
      ...tests("functions", "limits create-checkout go-live"),
    ],
  },
  { files: ["shared/domain/drop.ts"], tests: tests("shop", "drops drops-command") },
  { files: ["shared/domain/money.ts"], tests: tests("shop", "refunds buying") },
  { files: ["shared/domain/live-context.ts"], tests: tests("functions", "internal-api go-live") },
  {
    files: ["shared/domain/{forgotten-debt,open-affair}.ts"],
    tests: tests("functions", "forget forget-debts forget-refused my-data"),
  },
  {
    files: ["shared/domain/event-subscriptions.ts"],
    tests: tests("functions", "sweeper-eventsub"),
  },
  {
    files: ["shared/domain/outside-id.ts"],
    tests: [...tests("functions", "outside-ids internal-api"), ...tests("race", "sales-in")],
  },
  { files: ["shared/domain/shop-link.ts"], tests: tests("race", "shop-link sales-in lobby-rules") },
  {
    files: ["shared/domain/payout-country.ts"],
    tests: [...tests("shop", "payout-accounts"), ...tests("access", "autocomplete")],
  },
  {
    files: ["shared/domain/pseudonym.ts"],
    tests: [...tests("functions", "forget forget-trouble"), ...tests("race", "merch-disputes")],
  },
  { files: ["shared/domain/seller-account.ts"], tests: tests("shop", "payout-accounts builders") },
  {
    files: ["shared/domain/sender-time.ts"],
    tests: [
      ...tests("functions", "discord-interactions twitch-webhook stripe-webhook"),
      ...tests("race", "sales-in"),
    ],
  },
  { files: ["shared/domain/sign-in.ts"], tests: tests("shop", "builders") },
  {
    files: ["shared/domain/snowflake.ts"],
    tests: [
      ...tests("functions", "command-age"),
      ...tests("race", "payout-again"),
      ...tests("gates", "limits security-page"),
      ...tests("shop", "limits"),
    ],
  },
  {
    files: ["shared/domain/standing.ts"],
    tests: [...tests("shop", "builder-approval builders"), ...tests("race", "hosts")],
  },
  { files: ["shared/domain/text.ts"], tests: tests("shop", "drops") },
  { files: ["shared/domain/version.ts"], tests: ["test/shared/runtime/versions", "test/recorded"] },
  { files: ["shared/domain/vod.ts"], tests: tests("functions", "vod-link") },
];

/** The unit tests of the domain, which take no time. */
const UNITS = ["test/shared/domain/*.test.ts", "test/shared/*.test.ts"];

/** Every file that is checked. */
export function subjectFiles(project: string): string[] {
  const files = SUBJECTS.flatMap((subject) => globSync([...subject.files], { cwd: project }));
  return [...new Set(files)].toSorted();
}

/** The tests that should notice a change of a file, those first that should notice it soonest. */
export function testsOf(file: string, project: string): string[] {
  const subject = SUBJECTS.find(({ files }) => files.some((pattern) => matchesGlob(file, pattern)));
  const name = file.slice(file.lastIndexOf("/"));
  const units = file.startsWith("shared/domain/") ? globSync(UNITS, { cwd: project }) : [];
  const own = units.filter((test) => readFileSync(test, "utf8").includes(`${name}"`));
  return [...own, ...(subject?.tests ?? []).map((test) => `${test}.test.ts`)];
}

function tests(folder: string, names: string): string[] {
  return names.split(" ").map((name) => `test/${folder}/${name}`);
}
