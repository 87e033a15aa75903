// Runs Redocly's recommended rules and fails on a warning too; the command itself fails on errors only.
import { spawnSync } from "node:child_process";

const [file] = process.argv.slice(2);
const result = spawnSync(
  "node_modules/.bin/redocly",
  ["lint", "--config", "redocly.yaml", "--format", "json", file],
  { encoding: "utf8", env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" } },
);
const start = (result.stdout ?? "").indexOf("{");
if (start < 0) {
  console.error(result.error?.message ?? result.stderr);
  process.exit(1);
}
const { totals, problems } = JSON.parse(result.stdout.slice(start));
for (const problem of problems) {
  const { pointer } = problem.location[0] ?? {};
  console.error(`${problem.severity}: ${problem.message} (${problem.ruleId}, ${pointer})`);
}
console.log(`Redocly: ${totals.errors} errors, ${totals.warnings} warnings`);
process.exit(totals.errors + totals.warnings === 0 ? 0 : 1);
