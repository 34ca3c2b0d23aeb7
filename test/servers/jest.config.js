/** Jest for `npm run test:servers`: one run for each server that run.mts has started. */
const path = require('node:path');
const root = require('../../jest.config.js');

const ROOT = path.resolve(__dirname, '../..');

/** @type {import('jest').Config} */
module.exports = {
	...root,
	rootDir: ROOT,
	roots: ['<rootDir>/test/servers'],
	testMatch: ['<rootDir>/test/servers/*.test.ts'],
	// replays what these tests recorded: part of `npm test`
	testPathIgnorePatterns: ['<rootDir>/test/servers/replay\\.test\\.ts$'],
	modulePathIgnorePatterns: ['<rootDir>/test/servers/.servers/', '<rootDir>/test/e2e/'],
	// one model on a CPU, which the tests of a second worker would slow down
	maxWorkers: 1,
	testTimeout: 300_000,
};
