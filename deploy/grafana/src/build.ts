// Writes every dashboard as JSON into the folder named by the first argument.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { overview } from './overview';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: build FOLDER');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const dashboard of [overview()]) {
  const file = join(folder, `${dashboard.uid}.json`);
  writeFileSync(file, JSON.stringify(dashboard, null, 2) + '\n');
  console.log(file);
}
