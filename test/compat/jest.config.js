/** Jest for one run of run.mts: the tests of the engine, on the n8n of the folder COMPAT_HOST. */
const path = require('node:path');
const base = require('../../jest.config');

/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: path.resolve(__dirname, '../..'),
	testMatch: ['<rootDir>/test/engine/**/*.test.ts', '<rootDir>/test/examples.test.ts'],
	resolver: path.join(__dirname, 'resolver.js'),
	setupFilesAfterEnv: [path.join(__dirname, 'host.setup.ts')],
};
