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
	expect(response.serverToolCalls).toEqual([
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
	['text that is no JSON', 'find it', 'find it'],
	['broken JSON', '{"a":', '{"a":'],
	['nothing', undefined, null],
	['an object', { a: 1 }, { a: 1 }],
])('Arguments may be %s', (_, given, expected) => {
	const [call] = read({ type: 'mcp_call', arguments: given }).serverToolCalls ?? [];
	expect(call.arguments).toEqual(expected);
});
