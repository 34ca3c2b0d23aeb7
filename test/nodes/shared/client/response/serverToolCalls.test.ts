/** What the server did itself is told, and is no call that anybody has to answer. */
import type { IDataObject } from 'n8n-workflow';

import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { functionCall, message, responseOf } from '../../../../support/responses';

const read = (...output: IDataObject[]) => readResponse(responseOf(output));

test('Calls of MCP servers, fetches and others are named with what they were given and gave', () => {
	const response = read(
		{ type: 'mcp_list_tools', server_label: 'tickets', tools: [{ name: 'find' }] },
		{
			type: 'mcp_call',
			id: 'mcp_1',
			server_label: 'tickets',
			name: 'find',
			arguments: '{"id":7}',
			output: '[{"id":7,"state":"open"}]',
			error: null,
			status: 'completed',
		},
		{ type: 'web_fetch_call', status: 'failed', action: { url: 'https://a.b' }, error: 'HTTP 500' },
		message('It is open.'),
	);
	expect(response.serverToolCalls).toStrictEqual([
		{
			type: 'mcp_call',
			name: 'find',
			server_label: 'tickets',
			arguments: { id: 7 },
			output: [{ id: 7, state: 'open' }],
			status: 'completed',
		},
		{
			type: 'web_fetch_call',
			arguments: { url: 'https://a.b' },
			error: 'HTTP 500',
			status: 'failed',
		},
	]);
	expect(response).toMatchObject({ toolCalls: [], text: 'It is open.', finishReason: 'stop' });
	expect(response).not.toHaveProperty('otherTypes');
});

test('A function whose result stands in the same answer has been run by whoever wrote it', () => {
	const response = read(
		functionCall('web_search', '{"query":"n8n"}', 'call_1'),
		{ type: 'function_call_output', call_id: 'call_1', output: 'Found' },
		message('Done.'),
		functionCall('get_weather', '{}', 'call_2'),
	);
	expect(response.toolCalls.map(({ name }) => name)).toEqual(['get_weather']);
	expect(response.serverToolCalls).toEqual([
		{ type: 'function_call', name: 'web_search', arguments: { query: 'n8n' }, output: 'Found' },
	]);
});

test('A result of its own belongs to its call', () => {
	const response = read(
		{ type: 'tool_search_call', call_id: 'c', arguments: '{"query":"tickets"}' },
		{ type: 'tool_search_output', call_id: 'c', tools: [{ name: 'find' }] },
		message('Hm.'),
	);
	expect(response.serverToolCalls).toEqual([
		{ type: 'tool_search_call', arguments: { query: 'tickets' }, output: [{ name: 'find' }] },
	]);
});

test('Searches are told apart, and calls that wait for their answer are none of the server', () => {
	const response = read(
		{ type: 'web_search_call', action: { type: 'search', query: 'n8n' } },
		{ type: 'computer_call', call_id: 'a' },
		{ type: 'shell_call', call_id: 'b' },
		{ type: 'image_generation_call', result: 'AAAA' },
	);
	expect(response).not.toHaveProperty('serverToolCalls');
	expect(response.searches).toEqual({ count: 1, queries: ['n8n'] });
	expect(response.otherTypes).toEqual(['computer_call', 'shell_call', 'image_generation_call']);
});

test.each([
	'custom_tool_call',
	'computer_call',
	'local_shell_call',
	'shell_call',
	'apply_patch_call',
	'image_generation_call',
])('A %s waits for whoever asked, or is more than words', (type) => {
	const response = read({ type, call_id: 'a' });
	expect(response).not.toHaveProperty('serverToolCalls');
	expect(response.otherTypes).toEqual([type]);
});

test.each(['remote_shell_call', 'my_function_call', 'code_interpreter_call'])(
	'A %s is one of the server',
	(type) => {
		expect(read({ type }).serverToolCalls).toStrictEqual([{ type, arguments: null }]);
	},
);

test.each(['mcp_list_tools', 'shell_call_output', 'function_call_output', 'tool_search_output'])(
	'A %s goes with a call, and says nothing more',
	(type) => {
		const response = read({ type }, message('Hi'));
		expect(response).not.toHaveProperty('otherTypes');
		expect(response).not.toHaveProperty('serverToolCalls');
	},
);

test.each(['mcp_list_tools_again', 'no_mcp_list_tools', '_call_output', 'shell_call_outputs'])(
	'What is only called like that has no place: %s',
	(type) => {
		expect(read({ type }, message('Hi')).otherTypes).toEqual([type]);
	},
);

test('What is empty is not told', () => {
	const empty = { name: '', server_label: '', status: '', output: null, error: null };
	expect(read({ type: 'mcp_call', ...empty }).serverToolCalls).toStrictEqual([
		{ type: 'mcp_call', arguments: null },
	]);
	expect(read({ type: 'mcp_call', output: '', error: '' }).serverToolCalls).toStrictEqual([
		{ type: 'mcp_call', arguments: null, output: '', error: '' },
	]);
});

test.each([
	['text that is no JSON', 'find it', 'find it'],
	['JSON with blanks before it', '\n [1]', [1]],
	['a number as text', '7', '7'],
	['broken JSON', '{"a":', '{"a":'],
	['nothing', undefined, null],
	['an object', { a: 1 }, { a: 1 }],
])('Arguments may be %s', (_, given, expected) => {
	const [call] = read({ type: 'mcp_call', arguments: given }).serverToolCalls ?? [];
	expect(call.arguments).toEqual(expected);
});
