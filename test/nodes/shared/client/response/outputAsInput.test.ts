import { readResponse } from '../../../../../nodes/shared/client/response/response';
import {
	functionCall,
	message,
	reasoning,
	responseOf,
	responses,
} from '../../../../support/responses';

const said = (content: string, id = 'msg_1') => ({
	type: 'message',
	role: 'assistant',
	content,
	id,
	status: 'completed',
});

describe('Output as input', () => {
	test('keeps reasoning, text, calls and what we do not know in their order and as they came', () => {
		const { outputAsInput } = readResponse(
			responseOf([
				reasoning('First.'),
				message('Let me look.'),
				functionCall('get_weather', '{"city":"Paris"', 'call_1', {
					caller: null,
					namespace: 'geo',
				}),
				{ type: 'web_search_call', id: 'ws_1', content: 7, action: null },
				reasoning('Second.', { id: 'rs_2' }),
				functionCall('get_time', '', 'call_2', { id: '' }),
			]),
		);
		expect(outputAsInput).toStrictEqual([
			{
				type: 'reasoning',
				id: 'rs_1',
				summary: [],
				content: [{ type: 'reasoning_text', text: 'First.' }],
			},
			said('Let me look.'),
			{
				type: 'function_call',
				id: 'fc_call_1',
				status: 'completed',
				call_id: 'call_1',
				name: 'get_weather',
				arguments: '{"city":"Paris"',
				namespace: 'geo',
			},
			{ type: 'web_search_call', id: 'ws_1', content: 7 },
			{
				type: 'reasoning',
				id: 'rs_2',
				summary: [],
				content: [{ type: 'reasoning_text', text: 'Second.' }],
			},
			{
				type: 'function_call',
				status: 'completed',
				call_id: 'call_2',
				name: 'get_time',
				arguments: '',
			},
		]);
	});

	test('does not say again what a text of chat completions cites', () => {
		const annotations = [{ type: 'url_citation', url: 'https://a.example' }];
		const { citations, outputAsInput } = readResponse({
			choices: [{ message: { content: 'Hi', annotations } }],
		});
		expect(citations).toHaveLength(1);
		expect(outputAsInput).toEqual([{ type: 'message', role: 'assistant', content: 'Hi' }]);
	});

	test.each([
		['without content', { content: [], summary: [] }],
		['with null content', { content: null, summary: null }],
		['with empty text', { content: [{ type: 'reasoning_text', text: '' }] }],
	])('leaves out reasoning %s', (_what, extra) => {
		const { outputAsInput } = readResponse(responseOf([reasoning('', extra), message('Hi')]));
		expect(outputAsInput).toEqual([said('Hi')]);
	});

	test('keeps encrypted reasoning that shows no text', () => {
		const item = reasoning('', { id: '', content: null, encrypted_content: 'gAAA', status: null });
		expect(readResponse(responseOf([item])).outputAsInput).toStrictEqual([
			{ type: 'reasoning', encrypted_content: 'gAAA', summary: [] },
		]);
	});

	test('keeps a summary, without null keys', () => {
		const summary = [{ type: 'summary_text', text: 'In short.', logprobs: null }];
		const item = reasoning('', { content: null, summary });
		expect(readResponse(responseOf([item]))).toMatchObject({
			reasoning: 'In short.',
			outputAsInput: [
				{ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'In short.' }] },
			],
		});
	});

	test('keeps the phase of a message, and the keys of a text item, but not their parts', () => {
		const output = [
			message('Thinking aloud.', { phase: 'commentary' }),
			{ type: 'text', text: 'Hi', phase: 'final_answer' },
		];
		expect(readResponse(responseOf([output[0]])).outputAsInput).toStrictEqual([
			{ ...said('Thinking aloud.'), phase: 'commentary' },
		]);
		expect(readResponse(responseOf([output[1]])).outputAsInput).toStrictEqual([
			{ type: 'message', role: 'assistant', content: 'Hi', phase: 'final_answer' },
		]);
	});

	test('is empty where the output is', () => {
		expect(readResponse(responses.emptyOutput).outputAsInput).toEqual([]);
	});
});
