const config = require('../../jest.config');

/** The tests of the client that take a moment: those that repeat it at random or by the thousand say little more here. */
module.exports = {
	...config,
	rootDir: '../..',
	testMatch: ['<rootDir>/test/nodes/shared/client/**/*.test.ts'],
	testPathIgnorePatterns: ['corpus|differential|nonsense|large|growth|Properties'],
};
