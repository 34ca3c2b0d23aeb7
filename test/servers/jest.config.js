/** Jest for `npm run test:servers`: one run for each server that run.mts has started. */
const { existsSync } = require('node:fs');
const path = require('node:path');
const root = require('../../jest.config.js');

const ROOT = path.resolve(__dirname, '../..');

/** Installed by npm run test:e2e. */
const hasN8n = existsSync(path.join(ROOT, 'test/e2e/node_modules/n8n/bin/n8n'));

/** @type {import('jest').Config} */
module.exports = {
	...root,
	rootDir: ROOT,
	roots: ['<rootDir>/test/servers'],
	testMatch: ['<rootDir>/test/servers/*.test.ts'],
	testPathIgnorePatterns: [
		// replays what these tests recorded: part of `npm test`
		'<rootDir>/test/servers/replay\\.test\\.ts$',
		...(hasN8n ? [] : ['<rootDir>/test/servers/agent\\.test\\.ts$']),
	],
	modulePathIgnorePatterns: [
		'<rootDir>/test/servers/.servers/',
		'<rootDir>/test/e2e/node_modules/',
		'<rootDir>/test/e2e/.output/',
	],
	// one model on a CPU, which the tests of a second worker would slow down
	maxWorkers: 1,
	testTimeout: 300_000,
};
