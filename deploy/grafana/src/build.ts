// Writes every dashboard as JSON into the folder named by the first argument.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { experience } from './experience';
import { llm } from './llm';
import { overview } from './overview';
import { security } from './security';
import { slo } from './slo';
import { telemetry } from './telemetry';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: build FOLDER');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const dashboard of [overview(), security(), llm(), experience(), slo(), telemetry()]) {
  const file = join(folder, `${dashboard.uid}.json`);
  writeFileSync(file, JSON.stringify(dashboard, null, 2) + '\n');
  console.log(file);
}
