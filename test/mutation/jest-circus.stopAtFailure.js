const { default: circus } = require('jest-circus/runner');
const { createEmptyTestResult } = require('@jest/test-result');
const testNames = require('./testNames');

/** The mutant that a test has noticed already; Stryker names the one at work in the environment. */
let noticed;

/**
 * Jest's own runner, but after the first failure the mutant's other tests and files are left out. Stryker (9.6) takes
 * a runner only where its path names jest-circus.
 */
module.exports = async function stopAtFailure(globalConfig, config, environment, ...rest) {
	const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
	if (mutant === undefined) {
		const result = await circus(globalConfig, config, environment, ...rest);
		testNames.add(result);
		return result;
	}
	if (mutant === noticed) return leftOut(rest[1]);
	const inner = environment.handleTestEvent;
	environment.handleTestEvent = async (event, state) => {
		await inner?.call(environment, event, state);
		if (event.name === 'test_done' && event.test.errors.length > 0) noticed = mutant;
		if (event.name === 'test_start' && noticed === mutant) event.test.mode = 'skip';
	};
	return await circus(globalConfig, config, environment, ...rest);
};

/** A file that was not run; Jest takes one without any test for a mistake. */
function leftOut(testFilePath) {
	const test = {
		status: 'pending',
		fullName: 'left out',
		title: 'left out',
		ancestorTitles: [],
		failureMessages: [],
	};
	return { ...createEmptyTestResult(), testFilePath, numPendingTests: 1, testResults: [test] };
}
