import { type Answer, call } from "../../api/api.ts";
import { Press } from "../../ui/press.tsx";
import { RecordLine, Records } from "../../ui/record/record.tsx";
import { Details } from "./details.tsx";

type Overview = Answer<"stripe", "read">;
type Action = Parameters<typeof call<"stripe", "account">>[2]["action"];

const KINDS: Readonly<Record<string, "good" | "bad" | "warn">> = {
  Enabled: "good",
  Onboarding: "warn",
  "Payouts paused": "warn",
  Restricted: "warn",
  Rejected: "bad",
  Disconnected: "bad",
};

/** What happens to an account, in the order of its life. */
const ACTIONS: readonly (readonly [Action, string])[] = [
  ["onboard", "Finish onboarding"],
  ["restrict", "Restrict: a document is due"],
  ["pause", "Pause payouts"],
  ["reject", "Reject"],
  ["deauthorize", "Disconnect"],
  ["pay out", "Pay out"],
];

/** Connected accounts in all their states. */
export function Accounts({ value: { accounts, balances } }: { value: Overview }) {
  const balanceOf = (id: string) =>
    balances.filter(({ owner }) => owner === id).map(({ available }) => available);
  return (
    <Records empty="No connected account yet: builders connect theirs in Discord.">
      {accounts.map((account) => (
        <RecordLine
          key={account.id}
          lead={balanceOf(account.id).join(" + ") || "empty"}
          state={account.state}
          kind={KINDS[account.state] ?? "plain"}
          title={account.email ?? account.id}
          aside={account.country}
        >
          <p class="quiet">
            Transfers {account.transfers}, payouts {account.hasPayouts ? "enabled" : "disabled"}
            {account.due.length > 0 && `, due: ${account.due.join(", ")}`}
          </p>
          <div class="row">
            {account.links.map((url) => (
              <a key={url} href={url} class="button" target="_blank" rel="noreferrer">
                Open the onboarding page
              </a>
            ))}
            {ACTIONS.map(([action, label]) => (
              <Press
                key={action}
                action={() => call("stripe", "account", { id: account.id, action })}
                done="Done, and reported by a webhook."
              >
                {label}
              </Press>
            ))}
          </div>
          <Details id={account.id} />
        </RecordLine>
      ))}
    </Records>
  );
}
