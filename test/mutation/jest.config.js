const config = require('../../jest.config');

/**
 * The tests that a mutant has to get past, as few of them as will do: Stryker's runner for Jest knows neither
 * which files hold a mutant's tests nor how to stop at the first failure, so `nearestFirst` and
 * `stopAtFailure` do it. Tests that repeat the client at random or by the thousand say little more here.
 */
module.exports = {
	...config,
	rootDir: '../..',
	roots: ['<rootDir>/test/nodes/shared/client'],
	testMatch: ['<rootDir>/test/nodes/shared/client/**/*.test.ts'],
	testPathIgnorePatterns: ['corpus|differential|nonsense|large|growth|Properties'],
	testSequencer: '<rootDir>/test/mutation/nearestFirst.js',
	testRunner: '<rootDir>/test/mutation/jest-circus.stopAtFailure.js',
	// a test that now waits for ever is a test that has noticed
	testTimeout: 4_000,
};
