const { basename, dirname, join, relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');
const testNames = require('./testNames');

/** What a mutant's tests may take beside those of its own file, ms: a survivor would cost all that there are. */
const ENOUGH_MS = 2_000;

/** To load a file of tests, ms. */
const LOADING_MS = 250;

/**
 * Only files that hold a test which reaches the mutant; those named after its file first, then its folder's,
 * then the quickest, until that is enough. What is evaluated as a file loads (a table, a pattern) every test would
 * have to be run for: there those named after its file have to notice it, or its folder's.
 */
module.exports = class NearestFirst extends Sequencer {
	constructor(options) {
		super(options);
		const { nonFlagArgs, testNamePattern } = options.globalConfig;
		// without a mutant Stryker names all files that it is going to change
		this.mutated = process.env.__STRYKER_ACTIVE_MUTANT__ && nonFlagArgs[0];
		this.reached = testNamePattern && new RegExp(testNamePattern);
	}

	sort(tests) {
		const known = testNames.read();
		const near = ({ path, context }) => this.distance(path, context.config.rootDir);
		const reaches = (test) =>
			this.reached
				? known[test.path].names.some((name) => this.reached.test(name))
				: near(test) <= 1;
		const rank = (test) => near(test) * 1e6 + (known[test.path]?.ms ?? 0);
		let spent = 0;
		return tests
			.filter(reaches)
			.sort((one, other) => rank(one) - rank(other))
			.filter((test) => {
				if (!this.mutated || near(test) === 0) return true;
				const cost = LOADING_MS + known[test.path].ms;
				// the first one, however long it takes: without any test every mutant survives
				if (spent > 0 && spent + cost > ENOUGH_MS) return false;
				spent += cost;
				return true;
			});
	}

	/** 0 for the tests that are named after the mutated file, 1 for others of its folder, else 2. */
	distance(testPath, rootDir) {
		if (!this.mutated) return 0;
		if (basename(testPath).startsWith(basename(this.mutated, '.ts'))) return 0;
		const folder = relative(join(rootDir, 'test'), dirname(testPath));
		return folder === relative(rootDir, dirname(this.mutated)) ? 1 : 2;
	}
};
