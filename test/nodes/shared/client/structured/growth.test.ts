/** Ten times as long an answer takes about ten times as long to read and check, whatever is in it. */
import { StructuredOutput } from '../../../../../nodes/shared/client/structured/structuredOutput';
import { expectGrowth, times } from '../../../../support/cost';

const text = { type: 'string' };
const list = (items: object, more: object = {}) => ({
	type: 'object',
	properties: { rows: { type: 'array', items, ...more } },
	required: ['rows'],
});
const row = { type: 'object', properties: { a: text, b: text }, required: ['a'] };

const reader = (schema: object) => {
	const options = { server: 'http://127.0.0.1', model: 'm' };
	return new StructuredOutput({ name: 'output', schema: schema as never }, options);
};

const rows = (count: number, make: (index: number) => unknown) =>
	JSON.stringify({ rows: times(count, make) });

const CASES: Array<[string, object, number, (size: number) => string]> = [
	['rows', list(row), 1_000, (n) => rows(n, (i) => ({ a: `${i}`, b: null }))],
	['rows with keys too many', list(row), 500, (n) => rows(n, (i) => ({ a: 'x', [`k${i}`]: 1 }))],
	[
		'rows of a union',
		list({ anyOf: [{ ...row, required: ['b'] }, row] }),
		500,
		(n) => rows(n, (i) => ({ a: `${i}` })),
	],
	['rows that do not fit', list(row), 1_000, (n) => rows(n, (i) => ({ a: i }))],
	[
		'rows that refer to a definition and do not fit',
		{ ...list({ $ref: '#/$defs/Row' }), $defs: { Row: row } },
		1_000,
		(n) => rows(n, (i) => ({ a: i })),
	],
	[
		'rows that must differ',
		list(row, { uniqueItems: true }),
		500,
		(n) => rows(n, (i) => ({ a: `${i}` })),
	],
	[
		'rows in a fence',
		list(row),
		500,
		(n) => `Here:\n\`\`\`json\n${rows(n, () => ({ a: 'x' }))}\n\`\`\``,
	],
	[
		'rows that lack a comma',
		list(row),
		100,
		(n) => rows(n, () => ({ a: 'x' })).replace('},{', '}{'),
	],
	['objects in a row', row, 100, (n) => times(n, (i) => JSON.stringify({ a: `${i}` })).join('\n')],
	['brackets that do not close', row, 1_000, (n) => '[{'.repeat(n)],
];

test.each(CASES)('%s', async (_what, schema, size, make) => {
	const output = reader(schema);
	await expectGrowth((count) => output.readText(make(count)), size, 500);
});
