import fc from 'fast-check';

import { toResult, toUsage } from '../../../nodes/LmChatGradient/answer';
import { readCalls } from '../../../nodes/LmChatGradient/calls/calls';
import { toInput } from '../../../nodes/LmChatGradient/input';
import { readResponse } from '../../../nodes/shared/client/response/response';
import type { InputItem } from '../../../nodes/shared/client/schema/request';
import {
	MODEL,
	functionCall,
	message,
	reasoning,
	responseOf,
	textResponse,
} from '../../support/responses';

function resultOf(body: unknown) {
	const response = readResponse(body);
	const offered = new Set(response.toolCalls.map(({ name }) => name));
	const request = { model: MODEL, input: 'Hello' };
	const answer = readCalls(response, { request, offered, ownId: (id) => id });
	return toResult({ ...answer, response, usage: response.usage });
}

test('An answer has reasoning, text and calls in the order in which they came', () => {
	const body = responseOf([
		reasoning('Look it up.'),
		message('One moment.'),
		functionCall('get_weather', '{"city":"Paris"}'),
	]);
	const { id, message: answer, finishReason } = resultOf(body);
	expect([id, finishReason]).toEqual([body.id, 'tool-calls']);
	expect(answer).toEqual({
		role: 'assistant',
		content: [
			expect.objectContaining({ type: 'reasoning', text: 'Look it up.' }),
			{ type: 'text', text: 'One moment.' },
			{
				type: 'tool-call',
				toolCallId: 'call_1',
				toolName: 'get_weather',
				input: '{"city":"Paris"}',
			},
		],
	});
});

test('The text of reasoning is its summary, where there is nothing else of it', () => {
	const summary = [{ type: 'summary_text', text: 'In short' }];
	const item = { type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAA', content: [], summary };
	const { content } = resultOf(responseOf([item, message('Hi')])).message;
	expect(content[0]).toMatchObject({ type: 'reasoning', text: 'In short' });
});

test('The parts of a summary have an empty line between them', () => {
	const summary = ['One.', 'Two.'].map((text) => ({ type: 'summary_text', text }));
	const { content } = resultOf(responseOf([reasoning('', { content: [], summary })])).message;
	expect(content).toEqual([expect.objectContaining({ type: 'reasoning', text: 'One.\n\nTwo.' })]);
});

test('Thoughts in tags are thoughts, and the text begins with its first line', () => {
	const { content } = resultOf(textResponse('<think>\nHm.\n</think>\n\nParis.')).message;
	expect(content).toEqual([
		expect.objectContaining({ type: 'reasoning', text: '\nHm.\n' }),
		{ type: 'text', text: 'Paris.' },
	]);
	expect(resultOf(textResponse('<think>Hm.</think>\n\n')).message.content).toHaveLength(1);
});

test('Commentary is left out, but not where there is nothing else', () => {
	const aside = message('Let me see.', { phase: 'commentary' });
	const textOf = (...output: Array<typeof aside>) =>
		resultOf(responseOf(output)).message.content.flatMap((one) =>
			one.type === 'text' ? one.text : [],
		);
	expect(textOf(aside, message('Paris.', { id: 'msg_2' }))).toEqual(['Paris.']);
	expect(textOf(aside, functionCall('f', '{}'))).toEqual(['Let me see.']);
});

test.each([
	['stop', {}, 'stop'],
	[
		'length',
		{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
		'length',
	],
	[
		'content-filter',
		{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
		'content-filter',
	],
	['other', { status: 'incomplete' }, 'other'],
])('The finish reason can be %s', (_name, extra, reason) => {
	expect(resultOf(textResponse('Hi', extra)).finishReason).toBe(reason);
});

test('Tokens are told by the names of the SDK', () => {
	expect(resultOf(textResponse('Hi')).usage).toEqual({
		promptTokens: 72,
		completionTokens: 35,
		totalTokens: 107,
		inputTokenDetails: { cacheRead: 32 },
		outputTokenDetails: { reasoning: 17 },
	});
});

test('Tokens that were written to the cache are told beside the others', () => {
	const usage = { input_tokens: 9, output_tokens: 4, cache_created_input_tokens: 5 };
	expect(resultOf(textResponse('Hi', { usage })).usage).toMatchObject({
		additionalMetadata: { cacheWrite: 5 },
	});
});

test('Tokens are not told where the API does not say them', () => {
	expect(resultOf(textResponse('Hi', { usage: null })).usage).toBeUndefined();
	const unknown = {
		cached_tokens: null,
		cache_write_tokens: null,
		reasoning_tokens: null,
		tool_output_tokens: null,
	};
	expect(toUsage({ ...unknown, input_tokens: null, output_tokens: 3, total_tokens: 3 })).toEqual({
		promptTokens: 0,
		completionTokens: 3,
		totalTokens: 3,
	});
});

test('Whatever a model answers goes back to it with the same meaning', () => {
	const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
	const args = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 });
	const item = fc.oneof(
		words.map((text) => ({ kind: 'message', item: message(text) })),
		words.map((text) => ({ kind: 'reasoning', item: reasoning(text) })),
		fc
			.record({ name: fc.stringMatching(/^[a-z_]{1,20}$/), args })
			.map((call) => ({ kind: 'call', call })),
	);
	fc.assert(
		fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), (parts) => {
			const output = parts.map((part, index) =>
				'call' in part
					? functionCall(part.call.name, JSON.stringify(part.call.args), `call_${index}`)
					: { ...part.item, id: `id_${index}` },
			);
			const response = readResponse(responseOf(output));
			const { message: answer } = resultOf(responseOf(output));
			const back = toInput([answer], (problem) => {
				throw new Error(problem);
			});
			expect(joined(back)).toEqual(joined(onceEach(response.outputAsInput)));
		}),
	);
});

/** Answers that follow each other are one text, and the ids of messages and calls are not kept. */
function joined(items: InputItem[]) {
	const result: unknown[] = [];
	for (const item of items) {
		const last = result.at(-1) as { content?: unknown } | undefined;
		if (item.type === 'function_call') {
			const { call_id, name, arguments: args } = item;
			result.push({ call_id, name, args });
		} else if ('role' in item && last && 'content' in last && 'said' in last) {
			last.content = `${String(last.content)}${String(item.content)}`;
		} else if ('role' in item) {
			result.push({ said: item.role, content: item.content });
		} else {
			result.push({ ...item });
		}
	}
	return result;
}

/** The same thought twice is sent once. */
function onceEach(items: InputItem[]) {
	const seen = new Set<string>();
	return items.filter((item) => {
		if (item.type !== 'reasoning') return true;
		const key = JSON.stringify(item.content);
		return !seen.has(key) && seen.add(key);
	});
}

test.each(['constructor', '__proto__', 'toString'])(
	'A reason to finish that only objects know is another one: %s',
	(reason) => {
		const choices = [{ finish_reason: reason, message: { content: 'Hi' } }];
		expect(resultOf({ choices }).finishReason).toBe('other');
	},
);
