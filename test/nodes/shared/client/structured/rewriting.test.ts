/** An answer is rewritten as text where its value came as a call, and a request with what is wrong with its answer. */
import type { IDataObject } from 'n8n-workflow';

import { readResponse } from '../../../../../nodes/shared/client/response/response';
import type { ResponseRequest } from '../../../../../nodes/shared/client/schema/request';
import { asText, repaired } from '../../../../../nodes/shared/client/structured/rewriting';
import { functionCall, message, reasoning, responseOf } from '../../../../support/responses';

const answer = (items: IDataObject[]) => readResponse(responseOf(items));

const VALUE = { city: 'Oslo' };
const output = functionCall('output', '{"city":"Oslo","more":1}');
const weather = functionCall('get_weather', '{}', 'call_2');
const said = { type: 'message', role: 'assistant', content: '{"city":"Oslo"}' };

describe('As text', () => {
	test.each([
		['no call', [message('{"city":"Oslo"}')]],
		['only calls of other functions', [message('{"city":"Oslo"}'), weather]],
	])('an answer with %s stays as it is', (_what, items) => {
		const response = answer(items);
		expect(asText(response, 'output', VALUE)).toBe(response);
	});

	test('a call of the function is replaced by what it gave, and its thoughts go with it', () => {
		const response = asText(answer([reasoning('Hm.'), output]), 'output', VALUE);
		expect(response).toMatchObject({
			text: '{"city":"Oslo"}',
			toolCalls: [],
			finishReason: 'stop',
			outputAsInput: [said],
		});
	});

	test('other calls and texts stay beside it', () => {
		const response = asText(answer([message('Well.'), output, weather]), 'output', VALUE);
		expect(response).toMatchObject({ text: '{"city":"Oslo"}', finishReason: 'tool_calls' });
		expect(response.toolCalls.map(({ name }) => name)).toEqual(['get_weather']);
		expect(response.outputAsInput).toEqual([
			expect.objectContaining({ type: 'message', role: 'assistant' }),
			expect.objectContaining({ type: 'function_call', name: 'get_weather' }),
			said,
		]);
	});
});

describe('Asked again', () => {
	const request: ResponseRequest = { model: 'm', input: 'Oslo', temperature: 0 };
	const problems = ["'a' is missing", "'b' is missing"];
	const again =
		"The answer does not fit: 'a' is missing; 'b' is missing. Give the whole answer again";
	const question = { type: 'message', role: 'user', content: 'Oslo' };
	const inText = (items: IDataObject[], schema?: object) =>
		repaired(request, answer(items), { problems, isCalled: false, schema: schema as never });

	test('by text, the model is told what does not fit, after its answer and its thoughts', () => {
		expect(inText([reasoning('Hm.'), message('{}')])).toEqual({
			...request,
			input: [
				question,
				expect.objectContaining({ type: 'reasoning' }),
				expect.objectContaining({ type: 'message', role: 'assistant' }),
				{ type: 'message', role: 'user', content: `${again}, as JSON and nothing else` },
			],
		});
	});

	test.each([
		['as far as it is short', 10_000, true],
		['but not where it is long', 10_001, false],
	])('by text, it is told the schema, %s', (_what, length, isTold) => {
		const json = (description: string) => JSON.stringify({ description });
		const description = 'x'.repeat(length - json('').length);
		const { input } = inText([message('{}')], { description });
		expect((input as IDataObject[]).at(-1)?.content).toBe(
			`${again}, as JSON and nothing else${
				isTold ? `. It must fit this JSON Schema: ${json(description)}` : ''
			}`,
		);
	});

	test('by a call, each call has that for its result', () => {
		const { input } = repaired(request, answer([output, weather]), { problems, isCalled: true });
		const result = { type: 'function_call_output', output: `Error: ${again}` };
		expect(input).toHaveLength(5);
		expect(input).toEqual(
			expect.arrayContaining([
				question,
				expect.objectContaining({ type: 'function_call', call_id: 'call_1' }),
				expect.objectContaining({ type: 'function_call', call_id: 'call_2' }),
				{ ...result, call_id: 'call_1' },
				{ ...result, call_id: 'call_2' },
			]),
		);
	});
});
