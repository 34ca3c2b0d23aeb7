const config = require('../../jest.config');

/** They start processes with the built package, or make certificates. */
const NEEDING_MORE = ['connections', 'certificate'];

/**
 * The tests that a mutant has to get past, as few of them as will do: Stryker's runner for Jest knows neither
 * which files hold a mutant's tests nor how to stop at the first failure, so `nearestFirst` and
 * `stopAtFailure` do it. Tests that repeat the client at random or by the thousand say little more here.
 */
module.exports = {
	...config,
	rootDir: '../..',
	// Jest finds the tests of a file by who imports whom, and sees no further than these
	roots: ['<rootDir>/test/nodes/shared/client', '<rootDir>/nodes'],
	testMatch: ['<rootDir>/test/nodes/shared/client/**/*.test.ts'],
	testPathIgnorePatterns: ['cuts|differential|nonsense|large|growth|Properties', ...NEEDING_MORE],
	testSequencer: '<rootDir>/test/mutation/nearestFirst.js',
	testRunner: '<rootDir>/test/mutation/jest-circus.stopAtFailure.js',
	// a test that now waits for ever is a test that has noticed
	testTimeout: 4_000,
};
