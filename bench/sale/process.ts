import "../../simulation/fleet/cheap-domains.ts";

// Loaded late: functions-framework must find the replacement of Node's domains, as in tests.
const { measureSales } = await import("./market.ts");
await measureSales((line) => process.stdout.write(`${line}\n`));
process.exit();
