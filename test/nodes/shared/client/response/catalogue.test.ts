/** What DigitalOcean's control plane says of models. */
import { MAX_ENTRIES } from '../../../../../nodes/shared/client/limits';
import {
	CATALOGUE_URL,
	readCatalogue,
	withFacts,
} from '../../../../../nodes/shared/client/response/catalogue';
import type { Model } from '../../../../../nodes/shared/client/schema/model';

const factsOf = (entry: object) =>
	readCatalogue({ models: [{ id: 'kimi-k2.6', ...entry }] }).get('kimi-k2.6');

const model = (id: string, more: object = {}) => ({ id, ...more }) as Model;

test('All models for serverless inference are asked for at once', () => {
	const url = new URL(CATALOGUE_URL);
	expect(url.origin + url.pathname).toBe('https://api.digitalocean.com/v2/gen-ai/models');
	expect(Object.fromEntries(url.searchParams)).toEqual({
		usecases: 'MODEL_USECASE_SERVERLESS',
		per_page: '200',
	});
});

describe('An entry', () => {
	test('is found by both of its names', () => {
		const entry = { id: 'a', inference_name: 'b', context_window: 8_000 };
		for (const body of [{ models: [entry] }, { data: [entry] }]) {
			const catalogue = readCatalogue(body);
			expect([...catalogue.keys()]).toEqual(['a', 'b']);
			expect(catalogue.get('b')).toEqual({ context_window: 8_000 });
		}
	});

	test('does not hide an earlier one of its name', () => {
		const models = [
			{ id: 'a', max_output_tokens: 1 },
			{ id: 'a', max_output_tokens: 2 },
		];
		expect(readCatalogue({ models }).get('a')).toEqual({ max_output_tokens: 1 });
	});

	test('without a readable name is left out, without the others', () => {
		const models = [null, 7, 'a', [], {}, { id: '' }, { id: 7 }, { id: null }, { id: 'b' }];
		expect([...readCatalogue({ models }).keys()]).toEqual(['b']);
	});

	test('tells all that is of use, and nothing else', () => {
		const facts = {
			modalities: { input: ['text'] },
			pricing: { input: 0.6 },
			reasoning_efforts: ['low'],
			endpoints: [{ endpoint: '/v1/responses' }],
			lifecycle_status: 'deprecated',
		};
		const more = { context_window: '131072', max_output_tokens: 4_096, uuid: 'x' };
		expect(factsOf({ ...facts, ...more })).toStrictEqual({
			...facts,
			context_window: 131_072,
			max_output_tokens: 4_096,
		});
	});

	test.each([null, undefined])('does not tell what is %s', (nothing) => {
		expect(
			factsOf({
				modalities: nothing,
				pricing: nothing,
				reasoning_efforts: nothing,
				endpoints: nothing,
				lifecycle_status: nothing,
				context_window: nothing,
				max_output_tokens: nothing,
			}),
		).toStrictEqual({});
	});

	test.each([7, '', true, ['active']])('has no status where that is %j', (status) => {
		expect(factsOf({ lifecycle_status: status })).toStrictEqual({});
	});

	test.each([
		['8000', 8_000],
		[' 8000 ', 8_000],
		[1, 1],
		[0, undefined],
		[-1, undefined],
		['0', undefined],
		['', undefined],
		[' ', undefined],
		['many', undefined],
		['Infinity', undefined],
		[true, undefined],
		[[8_000], undefined],
	])('with %j tokens has %j of them', (given, tokens) => {
		const facts = { context_window: tokens, max_output_tokens: tokens };
		const entry = { context_window: given, max_output_tokens: given };
		expect(factsOf(entry)).toStrictEqual(tokens === undefined ? {} : facts);
	});
});

test.each([[null], ['no'], [[]], [{}], [{ models: {} }], [{ models: null, data: 'x' }]])(
	'A body without a list says nothing of any model: %j',
	(body) => {
		expect(readCatalogue(body).size).toBe(0);
	},
);

test('Of a list without an end as much is read as of any answer', () => {
	const models = Array.from({ length: MAX_ENTRIES + 5 }, (_, index) => ({ id: `m${index}` }));
	expect(readCatalogue({ models }).size).toBe(MAX_ENTRIES);
});

describe('A model of the inference API', () => {
	const catalogue = readCatalogue({
		models: [{ id: 'a', context_window: 8_000, pricing: 'x' }],
	});

	test('gets what the catalogue says of it', () => {
		expect(withFacts([model('a', { owned_by: 'digitalocean' }), model('b')], catalogue)).toEqual([
			{ id: 'a', owned_by: 'digitalocean', context_window: 8_000, pricing: 'x' },
			{ id: 'b' },
		]);
	});

	test('keeps what it says of itself', () => {
		const own = model('a', { context_window: 4_000, pricing: 0, lifecycle_status: '' });
		expect(withFacts([own], catalogue)).toEqual([own]);
	});

	test.each([null, undefined])('says nothing with %s', (nothing) => {
		const own = model('a', { context_window: nothing, owned_by: nothing });
		expect(withFacts([own], catalogue)).toStrictEqual([
			{ id: 'a', context_window: 8_000, pricing: 'x' },
		]);
	});
});
