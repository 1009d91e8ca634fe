// What hot-shots, a well-known DogStatsD client, sends for the calls given as JSON on standard
// input: [["increment", "name", 1, ["tag:a"]], …]. Prints the lines it would send.
'use strict';
const {StatsD} = require('hot-shots');

const lines = [];
const client = new StatsD({mock: true, prefix: 'testgen.'});
const calls = JSON.parse(require('fs').readFileSync(0, 'utf8'));
for (const [method, ...parameters] of calls) client[method](...parameters);
for (const line of client.mockBuffer) lines.push(line);
console.log(lines.join('\n'));
