/**
 * Which lines of the client no test would miss. Stryker changes one thing at a time and runs the tests
 * that go through it; what they do not notice survives.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: ['nodes/shared/client/**/*.ts'],
	testRunner: 'jest',
	jest: { configFile: 'test/mutation/jest.config.js' },
	coverageAnalysis: 'perTest',
	// the tests wait more than they work
	concurrency: 6,
	// Jest keeps something of each run: after a thousand a process is five times as slow
	maxTestRunnerReuse: 50,
	timeoutMS: 6_000,
	timeoutFactor: 0.5,
	dryRunTimeoutMinutes: 20,
	incremental: true,
	incrementalFile: 'test/mutation/.stryker/incremental.json',
	tempDirName: 'test/mutation/.stryker/sandbox',
	htmlReporter: { fileName: 'test/mutation/.stryker/report.html' },
	jsonReporter: { fileName: 'test/mutation/.stryker/report.json' },
	reporters: ['html', 'json', 'progress-append-only'],
	allowEmpty: false,
	ignorePatterns: [
		'dist',
		'examples',
		'findings',
		'bench',
		'test/e2e',
		'test/servers',
		'test/mutation/.stryker',
	],
};
