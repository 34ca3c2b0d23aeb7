const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Lies in Stryker's sandbox, where all its processes find it. */
const file = join(__dirname, 'testNames.json');

/** @typedef {Record<string, { names: string[], ms: number }>} TestNames by test file */

/** What the run without a mutant found; nothing before it. @returns {TestNames} */
function read() {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch (error) {
		if (error.code === 'ENOENT') return {};
		throw error;
	}
}

/** @param {import('@jest/test-result').TestResult} result of one file, without a mutant */
function add({ testFilePath, testResults }) {
	const names = testResults.map(({ fullName }) => fullName);
	const ms = testResults.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
	writeFileSync(file, JSON.stringify({ ...read(), [testFilePath]: { names, ms } }));
}

module.exports = { read, add };
