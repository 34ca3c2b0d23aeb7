import {
	outputItemSchema,
	responseBodySchema,
} from '../../../../../nodes/shared/client/schema/response';

const usageOf = (usage: object) => responseBodySchema.parse({ usage }).usage;

describe('The schema of a response', () => {
	test('reads content that is a text as one part of text', () => {
		const item = { type: 'message', content: 'Paris' };
		expect(outputItemSchema.parse(item)).toEqual({
			type: 'message',
			content: [{ type: 'output_text', text: 'Paris' }],
			raw: item,
		});
	});

	test('reads the parts of a content, without what is none', () => {
		const content = [{ type: 'output_text', text: 'Paris' }, 7, null, { refusal: 'No' }];
		expect(outputItemSchema.parse({ content }).content).toEqual([
			{ type: 'output_text', text: 'Paris' },
			{ refusal: 'No' },
		]);
	});

	test.each([
		['input_tokens_details', { cached_tokens: 1, cache_write_tokens: 2 }],
		['prompt_tokens_details', { cached_tokens: 1, cache_write_tokens: 2 }],
		['output_tokens_details', { reasoning_tokens: 3, tool_output_tokens: 4 }],
		['completion_tokens_details', { reasoning_tokens: 3 }],
		['cache_creation', { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 6 }],
	])('reads the details of the usage: %s', (name, details) => {
		expect(usageOf({ [name]: details })).toEqual({ [name]: details });
	});

	test('takes a detail that is no number for not said, and leaves the others', () => {
		const details = { cached_tokens: 'many', cache_write_tokens: 2 };
		expect(usageOf({ input_tokens: 7, input_tokens_details: details })).toEqual({
			input_tokens: 7,
			input_tokens_details: { cache_write_tokens: 2 },
		});
	});
});
