import { readModels } from '../../../../../nodes/shared/client/response/models';
import { models } from '../../../../support/responses';
import { thrownBy } from '../support';

describe('The list of models', () => {
	test('holds all of the catalogue, by id', () => {
		expect(readModels(models).map(({ id }) => id)).toEqual([
			'deepseek-v4-pro',
			'kimi-k2.6',
			'llama3.3-70b-instruct',
			'openai-gpt-oss-120b',
			'openai-gpt-oss-20b',
			'qwen3-embedding-0.6b',
			'router:balanced',
			'stable-diffusion-3.5-large',
		]);
	});

	test('keeps what the API says of a model, also what we do not know', () => {
		const entry = { id: 'm', owned_by: 'digitalocean', context_length: 8000, region: 'nyc3' };
		expect(readModels({ data: [entry] })).toEqual([entry]);
	});

	test('leaves out entries without an id, and nothing else', () => {
		const data = [{ id: 'b' }, { id: '' }, {}, null, 'c', { id: 7 }, { id: 'a', created: 'today' }];
		expect(readModels({ data }).map(({ id }) => id)).toEqual(['a', 'b']);
	});

	test('may be empty', () => {
		expect(readModels({ object: 'list', data: [] })).toEqual([]);
	});

	test.each([
		['an object without data', { object: 'list' }, 'The API answered without a list of models'],
		['data that is no list', { data: { id: 'm' } }, 'The API answered without a list of models'],
		['a bare list', [{ id: 'm' }], 'The API answered without a list of models'],
		['null', null, 'The API answered without a list of models'],
		['an error', { error: { message: 'No access.', type: 'forbidden_error' } }, 'No access.'],
	])('is missed in %s', async (_what, body, message) => {
		const error = await thrownBy(() => readModels(body));
		expect(error.message).toBe(message);
		expect(error.details).toMatchObject({ kind: 'answer', status: 200, body });
	});

	test('has at most 10,000 entries', async () => {
		const data = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `m${i}` }));
		expect(readModels({ data: data(10_000) })).toHaveLength(10_000);
		const { message, details } = await thrownBy(() => readModels({ data: data(10_001) }));
		expect(message).toBe('The list of models has more than 10,000 entries');
		expect(details.kind).toBe('answer');
	});
});
