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
});
