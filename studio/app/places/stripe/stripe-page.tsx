import "../../ui/lists.css";
import { useCall } from "../../api/use-call.ts";
import { currentTab, type Tab, Tabs } from "../../ui/tabs/tabs.tsx";
import { Accounts } from "./accounts.tsx";
import { Balances } from "./balances.tsx";
import { Disputes } from "./disputes.tsx";
import { Customers, Refunds } from "./lists.tsx";
import { Payments } from "./payments.tsx";
import { Webhooks } from "./webhooks.tsx";
import "./stripe.css";

type Name =
  | "payments"
  | "customers"
  | "refunds"
  | "disputes"
  | "accounts"
  | "balances"
  | "webhooks";

const PARTS = {
  payments: Payments,
  customers: Customers,
  refunds: Refunds,
  disputes: Disputes,
  accounts: Accounts,
  balances: Balances,
  webhooks: Webhooks,
};

/** The simulated Stripe: its Dashboard, and what buyers and banks do. */
export function StripePage() {
  const { value, problem } = useCall("stripe", "read", {});
  if (problem !== undefined) return <p class="problem">{problem}</p>;
  if (!value) return null;
  const openDisputes = value.disputes.filter(({ status }) => status.endsWith("needs_response"));
  const tabs: readonly [Tab<Name>, ...Tab<Name>[]] = [
    { name: "payments", title: "Payments" },
    { name: "customers", title: "Customers" },
    { name: "refunds", title: "Refunds" },
    { name: "disputes", title: "Disputes", count: openDisputes.length },
    { name: "accounts", title: "Connected accounts" },
    { name: "balances", title: "Balances" },
    { name: "webhooks", title: "Webhooks" },
  ];
  const Part = PARTS[currentTab(tabs)];
  return (
    <div class="stack">
      <p class="test-mode">
        <strong>TEST MODE</strong> Simulated Stripe: no money moves.
      </p>
      <Tabs label="Stripe" tabs={tabs} />
      <Part value={value} />
    </div>
  );
}
