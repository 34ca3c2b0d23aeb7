import { findViolations } from '../../../../../nodes/shared/client';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { functionCall } from '../../../../support/responses';

describe('The arguments of a tool call', () => {
	test.each([
		['JSON', '{"a":1}', { a: 1 }],
		['JSON in blanks', ' {"a":1}\n', { a: 1 }],
		['nothing', '', {}],
		['blanks', '  ', {}],
		['a list', '[1]', [1]],
		['null', 'null', null],
		['an object instead of its text', { a: 1, b: null }, { a: 1, b: null }],
		['null instead of text', null, {}],
		['a missing key', undefined, {}],
	])('are read from %s', (_what, args, read) => {
		const item = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: args };
		const { toolCalls, outputAsInput } = readResponse({ output: [item] });
		expect(toolCalls).toStrictEqual([{ call_id: 'call_1', name: 'f', arguments: read }]);
		expect(findViolations({ model: 'm', input: outputAsInput })).toEqual([]);
	});

	test.each(['{"a":', 'not JSON', "{'a': 1}"])('stay as they came where they are %j', (args) => {
		const { toolCalls, outputAsInput } = readResponse({ output: [functionCall('f', args)] });
		expect(toolCalls).toEqual([
			{
				call_id: 'call_1',
				name: 'f',
				arguments: args,
				arguments_error: 'The arguments are not valid JSON',
			},
		]);
		expect(outputAsInput).toMatchObject([{ arguments: args }]);
	});

	const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
	const lists = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

	test.each([
		['objects', objects],
		['lists', lists],
	])('are read where they are 200 levels of %s', (_what, nested) => {
		const { toolCalls } = readResponse({ output: [functionCall('f', nested(200))] });
		expect(JSON.stringify(toolCalls[0].arguments)).toBe(nested(200));
		expect(toolCalls[0]).not.toHaveProperty('arguments_error');
	});

	test.each([
		['201 levels of objects', objects(201)],
		['201 levels of lists', lists(201)],
		['100,000 levels', objects(100_000)],
		['201 levels beside text with brackets', `{"a":"[\\"]","b":${objects(200)}}`],
	])('stay text where they are %s: n8n could not open the execution again', (_what, args) => {
		const { toolCalls, outputAsInput } = readResponse({ output: [functionCall('f', args)] });
		expect(toolCalls).toEqual([
			{
				call_id: 'call_1',
				name: 'f',
				arguments: args,
				arguments_error: 'The JSON of the arguments is nested deeper than 200 levels',
			},
		]);
		expect(outputAsInput).toMatchObject([{ arguments: args }]);
	});

	test('may hold any number of brackets within their texts', () => {
		const args = JSON.stringify({ code: '[{'.repeat(1_000), quoted: '"['.repeat(1_000) });
		const { toolCalls } = readResponse({ output: [functionCall('f', args)] });
		expect(toolCalls[0].arguments).toEqual(JSON.parse(args));
	});
});
