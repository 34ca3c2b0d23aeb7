import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { addUsage, readUsage } from '../../../../../nodes/shared/client/response/usage';
import { responses } from '../../../../support/responses';

const NOTHING = {
	input_tokens: null,
	cached_tokens: null,
	cache_write_tokens: null,
	output_tokens: null,
	reasoning_tokens: null,
	tool_output_tokens: null,
	total_tokens: null,
};

describe('Usage', () => {
	test.each([
		[
			'that is complete',
			responses.text,
			{
				input_tokens: 72,
				cached_tokens: 32,
				cache_write_tokens: null,
				output_tokens: 35,
				reasoning_tokens: 17,
				tool_output_tokens: 0,
				total_tokens: 107,
			},
		],
		[
			'without details',
			responses.createdAt,
			{ ...NOTHING, input_tokens: 12, output_tokens: 15, total_tokens: 27 },
		],
		[
			'with empty and null details',
			responses.emptyUsageDetails,
			{ ...NOTHING, input_tokens: 72, output_tokens: 35, total_tokens: 107 },
		],
		[
			'with the names of chat completions',
			responses.chatUsage,
			{
				...NOTHING,
				input_tokens: 72,
				cached_tokens: 32,
				cache_write_tokens: 0,
				output_tokens: 35,
				total_tokens: 107,
			},
		],
		[
			'of zeros, which were said',
			responses.zeroUsage,
			{ ...NOTHING, input_tokens: 0, output_tokens: 0, total_tokens: 0 },
		],
		['that is null', responses.nullUsage, NOTHING],
		['that is missing', { ...responses.text, usage: undefined }, NOTHING],
		['that is no object', { ...responses.text, usage: 'many' }, NOTHING],
		[
			'with counts of another type',
			{ ...responses.text, usage: { input_tokens: '72', output_tokens: 35 } },
			{ ...NOTHING, output_tokens: 35, total_tokens: 35 },
		],
		[
			'with the details of chat completions',
			{
				...responses.text,
				usage: {
					prompt_tokens: 72,
					prompt_tokens_details: { cached_tokens: 8 },
					completion_tokens: 35,
					completion_tokens_details: { reasoning_tokens: 9 },
				},
			},
			{
				...NOTHING,
				input_tokens: 72,
				cached_tokens: 8,
				output_tokens: 35,
				reasoning_tokens: 9,
				total_tokens: 107,
			},
		],
	])('%s is read', (_shape, body, expected) => {
		expect(readResponse(body).usage).toEqual(expected);
	});

	test.each([
		['the reference', { cache_created_input_tokens: 5 }],
		[
			'the reference, by the time that the cache lives',
			{ cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 2 } },
		],
		['one time only', { cache_creation: { ephemeral_5m_input_tokens: 5 } }],
		[
			'both, of which one was not filled in',
			{ cache_created_input_tokens: 0, cache_creation: { ephemeral_1h_input_tokens: 5 } },
		],
		['Anthropic', { cache_creation_input_tokens: 5 }],
		['transformers serve', { input_tokens_details: { cached_tokens: 0, cache_write_tokens: 5 } }],
		['chat completions', { prompt_tokens_details: { cache_write_tokens: 5 } }],
	])('knows what was written to the cache by the names of %s', (_whose, usage) => {
		expect(readUsage(usage).cache_write_tokens).toBe(5);
	});

	test('of several rounds adds up what was written to the cache', () => {
		const [one, other] = [readUsage({ cache_created_input_tokens: 5 }), readUsage({})];
		expect(addUsage(one, one).cache_write_tokens).toBe(10);
		expect(addUsage(one, other).cache_write_tokens).toBe(5);
		expect(addUsage(other, other).cache_write_tokens).toBeNull();
	});

	test('prefers what the API added up to our own sum', () => {
		expect(readUsage({ input_tokens: 1, output_tokens: 2, total_tokens: 9 }).total_tokens).toBe(9);
	});

	test('prefers the names of the Responses API where both are there', () => {
		const usage = {
			input_tokens: 1,
			prompt_tokens: 5,
			output_tokens: 2,
			completion_tokens: 6,
			input_tokens_details: { cached_tokens: 0 },
			cache_read_input_tokens: 4,
		};
		expect(readUsage(usage)).toMatchObject({
			input_tokens: 1,
			output_tokens: 2,
			cached_tokens: 0,
			total_tokens: 3,
		});
	});
});

test('What is known of one side only is the sum', () => {
	expect(readUsage({ input_tokens: 5 } as never).total_tokens).toBe(5);
	expect(readUsage({ output_tokens: 5 } as never).total_tokens).toBe(5);
	const [some, none] = [{ input_tokens: 5 }, {}].map((usage) => readUsage(usage as never));
	expect(addUsage(some, none).input_tokens).toBe(5);
	expect(addUsage(none, some).input_tokens).toBe(5);
	expect(addUsage(none, none).input_tokens).toBeNull();
});
