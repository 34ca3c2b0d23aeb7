const path = require('node:path');
const root = require('../../jest.config.js');

const ROOT = path.resolve(__dirname, '../..');

/** @type {import('jest').Config} */
module.exports = {
	rootDir: ROOT,
	testEnvironment: 'node',
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['<rootDir>/test/e2e/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/test/e2e/node_modules/', '<rootDir>/test/e2e/.output/'],
	transform: root.transform,
	transformIgnorePatterns: root.transformIgnorePatterns,
	// n8n starts in ten to twenty seconds, and works on a machine that does other things too
	testTimeout: 120_000,
	// n8n's tree is of no use to Jest's file map, and big
	haste: { forceNodeFilesystemAPI: true },
	watchman: false,
};
