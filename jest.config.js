/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/**/*.test.[jt]s'],
	// have their own Jest configs, and whole programs that Jest need not look through; what was recorded of
	// the servers is replayed here
	testPathIgnorePatterns: [
		'<rootDir>/test/e2e/',
		'<rootDir>/test/servers/(?!replay\\.test\\.ts$|software/)',
	],
	modulePathIgnorePatterns: [
		'<rootDir>/test/e2e/',
		'<rootDir>/test/servers/.servers/',
		'<rootDir>/test/mutation/.stryker/',
	],
	// n8n-core reads the environment when it is first required
	setupFiles: ['<rootDir>/test/support/environment.ts'],
	// each file loads n8n anew, and what it leaves behind adds up: a process that has grown makes way for a new one,
	// which Jest does only where there are several
	maxWorkers: 2,
	workerIdleMemoryLimit: '1500MB',
	// a busy machine takes its time; what hangs still fails
	testTimeout: 60_000,
	// istanbul's counters break functions that n8n stringifies into expressions
	coverageProvider: 'v8',
	transform: {
		'^.+\\.[cm]?[jt]s$': [
			'@swc/jest',
			{
				jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
				module: { type: 'commonjs' },
			},
		],
	},
	transformIgnorePatterns: ['/node_modules/', '/dist/'],
};
