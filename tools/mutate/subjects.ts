import { globSync, readFileSync } from "node:fs";
import { matchesGlob } from "node:path";

/** Files whose every change a test should detect, and where the tests are that should detect it, the closest first. */
interface Subject {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const REFUNDS = [
  ...tests(
    "functions/shop",
    "order-books debt-books refund-books release-books payment-books refunds builders-part-back failing-stripe money builder-money held-money unproved-money uncovered-refunds disputed-money old-reversals dashboard-refunds disputes dispute-outcomes dispute-events dispute-fee money-returned",
  ),
  ...tests(
    "functions/shop",
    "hold-steps interrupted refund-again payments reservations first-sale drops quantities",
  ),
  ...tests("functions/members", "payout-accounts"),
  ...tests("functions/races", "merch-disputes"),
  ...tests("functions/fulfilment", "refunded-cases parcels release-after-shipping"),
];
const PAYOUTS = tests(
  "functions/races",
  "payout-books payout payout-stripe payout-trouble payout-again payouts-command wallet racer-account",
);
const SALES = [
  ...tests(
    "functions/races",
    "merch-books sale-books ledger-books booking merch-in corrections sales-in merch-disputes leaver what-is-merch",
  ),
  ...tests("functions/races", "ledger-ops notices window"),
];
const AUCTIONS = [
  ...tests(
    "functions/auctions",
    "script-rules bidding under-fire controls opening after-the-hammer model",
  ),
  ...tests(
    "functions/auctions",
    "failing-redis failing-discord hammer hammer-crashes settling-races opening-races sweeping pins",
  ),
];

/** A file belongs to the first subject that matches it. The domain's unit tests run before all others. */
const SUBJECTS: readonly Subject[] = [
  { files: ["functions/auctions/engine/**/*.lua"], tests: AUCTIONS },
  {
    files: [
      "functions/shop/money/{refund-order,release-order}.ts",
      "functions/shop/checkout/settle-checkout.ts",
      "functions/payments/service/follow-dispute.ts",
      "functions/shop/money/{collect-debt,held-payment,hold-steps,order-of-payment}.ts",
      "functions/shop/store/{payments,refunds,releases}/*.ts",
      "functions/shop/store/{builder-part,disputes}.ts",
      "functions/shop/domain/{builder-part,debt,order,refund,refund-requests}.ts",
    ],
    tests: REFUNDS,
  },
  {
    files: [
      "functions/races/store/payouts/{begin-payout,payout-lists,payouts}.ts",
      "functions/members/store/wallets.ts",
      "functions/races/wallet/{finish-payout,payout-account,reconcile-payouts,sweep-payout}.ts",
    ],
    tests: PAYOUTS,
  },
  {
    files: ["functions/races/domain/payout.ts", "functions/members/domain/tax.ts"],
    tests: PAYOUTS,
  },
  {
    files: ["shared/money/money-command.ts"],
    tests: [
      ...tests("functions/races", "payout-again"),
      ...tests("functions/shop", "refund-again"),
    ],
  },
  {
    files: [
      "functions/races/store/corrections.ts",
      "functions/races/store/sales/{book-sale,missed-sales,refund-sale,sale-disputes,sale-windows,sales}.ts",
      "shared/money/{ledger,ledger-entries,ledger-store,ledger-sums}.ts",
      "functions/payments/service/{merch,merch-dispute}.ts",
      "functions/races/domain/{sale,share-freeze,commission}.ts",
      "shared/money/{sale-reading,correction}.ts",
    ],
    tests: SALES,
  },
  {
    files: ["functions/races/domain/race.ts"],
    tests: tests("functions/races", "lobby lobby-rules window leaver hosts booking"),
  },
  { files: ["functions/auctions/domain/auction.ts"], tests: AUCTIONS },
  {
    files: ["functions/auctions/domain/auction-form.ts"],
    tests: tests("functions/auctions", "opening commands controls"),
  },
  {
    files: ["functions/auctions/domain/bidding-bar.ts"],
    tests: tests("functions/auctions", "bars unpayable"),
  },
  {
    files: ["functions/auctions/domain/second-chance.ts"],
    tests: tests("functions/auctions", "after-the-hammer unpayable"),
  },
  {
    files: ["functions/members/domain/account-age.ts", "shared/limits/limits.ts"],
    tests: [
      ...tests("gates", "limits"),
      ...tests("functions/shop", "limits"),
      ...tests("functions/ingress", "limits"),
      ...tests("functions/shop", "new-accounts create-checkout"),
      ...tests("functions/going-live", "go-live"),
    ],
  },
  {
    files: ["functions/shop/domain/{drop,drop-change}.ts"],
    tests: tests("functions/shop", "drop-form drops drops-command drop-editing quantities"),
  },
  { files: ["shared/money/money.ts"], tests: tests("functions/shop", "refunds buying") },
  {
    files: ["functions/going-live/domain/live-context.ts"],
    tests: [
      ...tests("functions/ingress", "internal-api"),
      ...tests("functions/going-live", "go-live"),
    ],
  },
  {
    files: [
      "functions/shop/domain/forgotten-debt.ts",
      "functions/privacy/domain/open-obligation.ts",
    ],
    tests: tests("functions/privacy", "forget forget-debts forget-refused my-data"),
  },
  {
    files: ["shared/twitch/event-subscriptions.ts"],
    tests: tests("functions/operations", "sweeper-eventsub"),
  },
  {
    files: ["shared/documents/outside-id.ts"],
    tests: [
      ...tests("functions/ingress", "ids-in-commands ids-in-presses internal-api"),
      ...tests("functions/races", "sales-in"),
    ],
  },
  {
    files: ["functions/races/domain/shop-link.ts"],
    tests: tests("functions/races", "shop-link sales-in lobby-rules"),
  },
  {
    files: [
      "functions/shipping/domain/{change-terms,countries,terms}.ts",
      "functions/shipping/store/{ship-countries,shipping-terms}.ts",
      "shared/text/countries.ts",
    ],
    tests: tests("functions/shipping", "terms countries commands country-select required"),
  },
  {
    files: ["functions/members/domain/payout-country.ts"],
    tests: [...tests("functions/members", "payout-accounts"), ...tests("access", "autocomplete")],
  },
  {
    files: ["shared/discord/pseudonym.ts"],
    tests: [
      ...tests("functions/privacy", "forget forget-trouble"),
      ...tests("functions/races", "merch-disputes"),
    ],
  },
  {
    files: ["shared/money/seller-account.ts"],
    tests: tests("functions/members", "payout-accounts builders"),
  },
  {
    files: ["shared/runtime/sender-time.ts"],
    tests: [
      ...tests("functions/ingress", "discord-interactions stripe-webhook"),
      ...tests("functions/going-live", "twitch-webhook"),
      ...tests("functions/races", "sales-in"),
    ],
  },
  { files: ["functions/members/domain/sign-in.ts"], tests: tests("functions/members", "builders") },
  {
    files: ["shared/discord/snowflake.ts"],
    tests: [
      ...tests("functions/ingress", "command-age"),
      ...tests("functions/races", "payout-again"),
      ...tests("gates", "limits"),
      ...tests("functions/shop", "limits"),
    ],
  },
  {
    files: ["functions/members/domain/standing.ts"],
    tests: [
      ...tests("functions/members", "builder-approval builders"),
      ...tests("functions/races", "hosts"),
    ],
  },
  { files: ["shared/text/text.ts"], tests: tests("functions/shop", "drops") },
  {
    files: ["shared/documents/version.ts"],
    tests: [...tests("shared/runtime", "versions"), "test/recorded/recorded.test.ts"],
  },
  {
    files: ["functions/going-live/domain/vod.ts"],
    tests: tests("functions/going-live", "vod-link"),
  },
];

/** The unit tests of the domain, which take almost no time. */
const UNITS = [
  "test/functions/*/domain/*.test.ts",
  "test/shared/*.test.ts",
  "test/shared/money/*.test.ts",
];

/** Every file that is subject to mutation. */
export function subjectFiles(project: string): string[] {
  const files = SUBJECTS.flatMap((subject) => globSync([...subject.files], { cwd: project }));
  return [...new Set(files)].toSorted();
}

/** The tests that should detect a change of a file, in the order in which they are likely to. */
export function testsOf(file: string, project: string): string[] {
  const subject = SUBJECTS.find(({ files }) => files.some((pattern) => matchesGlob(file, pattern)));
  const name = file.slice(file.lastIndexOf("/"));
  const units = globSync(UNITS, { cwd: project });
  const own = units.filter((test) => readFileSync(test, "utf8").includes(`${name}"`));
  const others = (subject?.tests ?? []).flatMap((pattern) => {
    const found = globSync(pattern, { cwd: project });
    if (found.length === 0) throw new Error(`No test is at ${pattern}.`);
    return found;
  });
  return [...own, ...others];
}

/** Where tests with these names are, at any depth below a folder. */
function tests(folder: string, names: string): string[] {
  return names.split(" ").map((name) => `test/${folder}/**/${name}.test.ts`);
}
