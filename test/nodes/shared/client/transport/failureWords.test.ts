import {
	fieldOf,
	firstWords,
	inContext,
} from '../../../../../nodes/shared/client/transport/failureWords';

describe('The first words', () => {
	test.each<[string, unknown[], string | undefined]>([
		['the first text', ['one', 'two'], 'one'],
		['what comes behind blanks', [' \n', ' two '], 'two'],
		['what comes behind an empty list', [[], 'two'], 'two'],
		['what comes behind a list that says nothing', [[null, 7, {}, ' '], 'two'], 'two'],
		['what comes behind an object that says nothing', [{ code: 7 }, 'two'], 'two'],
		['nothing', [undefined, null, 7, true, '', [], {}], undefined],
		['texts of a list without their blanks', [[' one\n', ' ', 'two']], 'one; two'],
		['one entry of a list', [['one']], 'one'],
		['all of two entries', [['one', 'two']], 'one; two'],
		['two of three entries', [['one', 'two', 'three']], 'one; two; and 1 more'],
		['a message where msg is no text', [{ msg: 7, message: 'bad' }], 'bad'],
		['a message where msg is an object', [{ msg: { a: 1 }, message: 'bad' }], 'bad'],
		['a detail where message is empty', [{ message: '', detail: 'bad' }], 'bad'],
		['no number in place of a text', [{ msg: 7, message: null }], undefined],
	])('are %s', (_what, candidates, words) => {
		expect(firstWords(...candidates)).toBe(words);
	});

	const placedBy = (...loc: unknown[]) => firstWords([{ loc, msg: 'bad' }]);

	test.each<[string, unknown[], string]>([
		['names and numbers', ['body', 'input', 0, 'role'], 'input 0 role: bad'],
		['a body that is a field', ['body', 'input', 'body'], 'input body: bad'],
		['no body alone', ['body'], 'bad'],
		['only names and numbers', ['body', null, true, {}, ['a'], undefined, 'model'], 'model: bad'],
		['no branches of a union', ['input', 'list[union[A,B]]', 'EasyMessage', 1], 'input 1: bad'],
		[
			'no types',
			['str', 'int', 'float', 'bool', 'list', 'dict', 'none', 'nullable', 'input'],
			'input: bad',
		],
		['no long name', [`a${'b'.repeat(61)}`, `a${'b'.repeat(60)}`], `a${'b'.repeat(60)}: bad`],
		[
			'twenty of many',
			Array.from({ length: 30 }, (_, index) => index),
			`${Array.from({ length: 20 }, (_, index) => index).join(' ')}: bad`,
		],
	])('name a place by %s', (_what, loc, words) => {
		expect(placedBy(...loc)).toBe(words);
	});
});

describe('A report of validation errors', () => {
	/** As FastAPI writes it, with the place as Python's tuple or as a text. */
	const fastApi = (count: string, ...places: string[]) =>
		[
			count,
			...places.map((place) => `  {'type': 'missing', 'loc': ${place}, 'msg': 'Wrong'}`),
		].join('\n');

	test.each([
		[`('body', 'input', 12, 'role')`, 'input 12 role'],
		[`('body', 'input', 123456)`, 'input 123456'],
		[`('body',)`, ''],
		[`()`, ''],
		[`'body.input.12.Message.role'`, 'input 12 role'],
		[`'body.tool2.role'`, 'tool2 role'],
		[`'body.12ab.role'`, 'role'],
		[`''`, ''],
	])('names the place %s', (place, words) => {
		const said = firstWords(fastApi('1 validation error:', place));
		expect(said).toBe(`1 validation error: ${words && `${words}: `}Wrong`);
	});

	test('tells two, and counts as it says itself', () => {
		const places = [`('a',)`, `('b',)`, `('c',)`];
		expect(firstWords(fastApi('250 validation errors:', ...places))).toBe(
			'250 validation errors: a: Wrong; b: Wrong; and 248 more',
		);
	});

	test('may have its words between either quotes, and quotes within', () => {
		const report = `2 validation errors:\n {'loc': ('a',), 'msg': "It's"}\n {'loc': ('b',), 'msg': 'It\\'s'}`;
		expect(firstWords(report)).toBe("2 validation errors: a: It's; b: It's");
	});

	test('is one only where its count comes first', () => {
		const places = [`('body', 'model')`];
		for (const beginning of ['There were 3 validation errors:', 'Wrong:', '3 errors:']) {
			const message = fastApi(beginning, ...places);
			expect(firstWords(message)).toBe(message);
		}
	});

	test('is looked for in its beginning: what is behind that is counted', () => {
		const near = fastApi('2 validation errors:', `('model',)`);
		const far = fastApi('', `('input',)`);
		expect(firstWords(`${near}${far}`)).toBe('2 validation errors: model: Wrong; input: Wrong');
		const report = `${near}${' '.repeat(20_000)}${far}`;
		expect(firstWords(report)).toBe('2 validation errors: model: Wrong; and 1 more');
	});

	test.each([
		['model', '1 validation error: model: Field required'],
		['input.12.role', '1 validation error: input 12 role: Field required'],
		['Input.model', undefined],
	])('of pydantic has its place on a line of its own: %s', (place, words) => {
		const report = `1 validation error for Request\n${place}\n  Field required [type=missing]`;
		expect(firstWords(report)).toBe(words ?? report);
	});
});

describe('The field that is complained about', () => {
	test.each<[string, unknown, string | undefined]>([
		['of the first entry', [{ loc: ['body', 'model'] }, { loc: ['input'] }], 'model'],
		['of the next one where the first has none', [{ msg: 'bad' }, { loc: ['model'] }], 'model'],
		['of the next one where the first is nowhere', [{ loc: [] }, { loc: ['model'] }], 'model'],
		['that is a number', [{ loc: ['body', 0] }], '0'],
		['only of entries that are told', [{}, {}, { loc: ['model'] }], undefined],
		['which nobody names', [{ msg: 'bad' }, 'text', null], undefined],
		['of an empty list', [], undefined],
		['of a text', 'model', undefined],
		['of nothing', undefined, undefined],
		['in a place that is a text', [{ loc: 'model' }], undefined],
	])('is that %s', (_what, detail, field) => {
		expect(fieldOf(detail)).toBe(field);
	});
});

describe('A message in its context', () => {
	test('is not told twice where both are the same word', () => {
		expect(inContext('stopped', 'stopped')).toBe('stopped');
	});

	test('is told with it where it is a bare word', () => {
		expect(inContext('stopped', 'The stream broke off')).toBe('The stream broke off: stopped');
	});
});
