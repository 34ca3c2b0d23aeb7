import { findViolations } from '../../../../../nodes/shared/client';
import { parseJson } from '../../../../../nodes/shared/client/json';

const REQUEST = { model: 'm', input: 'Hello' };

/** `place: what`, one for each violation, as one reads them. */
const complaints = (request: unknown) =>
	findViolations(request).map(({ path, message }) => `${path.join('.')}: ${message}`);

const withInput = (...input: unknown[]) => ({ model: 'm', input });

const call = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };

describe('Nothing is wrong with', () => {
	test.each<[string, object]>([
		['model and text', {}],
		['instructions', { instructions: 'Be brief.' }],
		['empty instructions', { instructions: '' }],
		['the smallest budget', { max_output_tokens: 1 }],
		['a max_tokens of 0', { max_tokens: 0 }],
		['the bounds of temperature', { temperature: 0 }],
		['the other bound of temperature', { temperature: 2 }],
		['the bounds of top_p', { top_p: 0 }],
		['the other bound of top_p', { top_p: 1 }],
		['one stop sequence', { stop: 'END' }],
		['a stop sequence that is a line break', { stop: '\n' }],
		['four stop sequences', { stop: ['a', 'b', 'c', 'd'] }],
		['modalities', { modalities: ['text'] }],
		['streaming', { stream: true, stream_options: { include_usage: true } }],
		['a user', { user: 'u-1' }],
		['parallel tool calls', { parallel_tool_calls: false }],
		['an empty metadata object', { metadata: {} }],
		[
			'metadata at its limits',
			{
				metadata: Object.fromEntries(
					Array.from({ length: 16 }, (_, i) => [`${i}`.padEnd(64, 'k'), 'v'.repeat(512)]),
				),
			},
		],
		['a tool choice that is a word', { tool_choice: 'required' }],
		['a named tool choice', { tool_choice: { type: 'function', function: { name: 'f' } } }],
		[
			'all types of tools',
			{
				tools: [
					{ type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } },
					{ type: 'function', name: 'a-Z_9'.padEnd(64, 'x'), strict: true },
					{ type: 'web_search' },
					{ type: 'web_search_2025_08_26' },
				],
			},
		],
		[
			'keys that the reference does not have',
			{ seed: 7, reasoning: { effort: 'low' }, text: { format: { type: 'json_schema' } } },
		],
		[
			'nulls where the reference allows them',
			{
				instructions: null,
				max_output_tokens: null,
				max_tokens: null,
				metadata: null,
				modalities: null,
				parallel_tool_calls: null,
				stop: null,
				stream: null,
				stream_options: null,
				temperature: null,
				tools: null,
				top_p: null,
				user: null,
			},
		],
	])('%s', (_what, extra) => {
		expect(findViolations({ ...REQUEST, ...extra })).toEqual([]);
	});

	test.each([
		['a message', { role: 'user', content: 'Hi' }],
		['an empty message', { role: 'user', content: '' }],
		['a message without role', { content: 'Hi' }],
		['a message with its type', { type: 'message', role: 'developer', content: 'Hi' }],
		['a message of parts', { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
		['a part of another type', { role: 'user', content: [{ type: 'input_image', url: 'x' }] }],
		['a message of a tool', { role: 'tool', content: '7', tool_call_id: 'call_1' }],
		[
			'a message with calls',
			{
				role: 'assistant',
				content: '',
				tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
			},
		],
		['a call', call],
		['a call with nulls', { ...call, id: null, status: null, encrypted_content: null }],
		['a call with broken arguments', { ...call, arguments: '{"a":' }],
		['an output', { type: 'function_call_output', call_id: 'call_1', output: '' }],
		['reasoning', { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Hm' }] }],
		['reasoning with a summary', { type: 'reasoning', summary: [{ type: 'summary_text' }] }],
		['extra keys', { role: 'user', content: 'Hi', phase: 'final' }],
		['of a type that only the API knows', { type: 'web_search_call', id: 'ws_1', action: {} }],
	])('an input item that is %s', (_what, item) => {
		expect(findViolations(withInput(item))).toEqual([]);
	});
});

describe('Wrong is', () => {
	test.each<[string, object, string]>([
		['no model', { model: undefined }, 'model: is required'],
		['an empty model', { model: '' }, 'model: is empty'],
		['a blank model', { model: '  ' }, 'model: is empty'],
		['a model that is no text', { model: 7 }, 'model: must be text'],
		['no input', { input: undefined }, 'input: must be text or a list'],
		['an empty prompt', { input: '' }, 'input: is empty'],
		['a blank prompt', { input: ' \n\t' }, 'input: is empty'],
		['an empty list', { input: [] }, 'input: must have at least one entry'],
		['an input object', { input: { role: 'user' } }, 'input: must be text or a list'],
		['an input number', { input: 7 }, 'input: must be text or a list'],
		['null as input', { input: null }, 'input: must be text or a list'],
		['instructions that are no text', { instructions: {} }, 'instructions: must be text'],
		['a budget of 0', { max_output_tokens: 0 }, 'max_output_tokens: must be at least 1'],
		['half a token', { max_output_tokens: 1.5 }, 'max_output_tokens: must be a whole number'],
		['a budget in text', { max_output_tokens: '9' }, 'max_output_tokens: must be a number'],
		['a negative max_tokens', { max_tokens: -1 }, 'max_tokens: must be at least 0'],
		['too hot', { temperature: 2.1 }, 'temperature: must be at most 2'],
		['too cold', { temperature: -0.1 }, 'temperature: must be at least 0'],
		['a temperature in text', { temperature: '1' }, 'temperature: must be a number'],
		['not a number', { temperature: NaN }, 'temperature: must be a number'],
		['top_p above 1', { top_p: 1.1 }, 'top_p: must be at most 1'],
		['top_p below 0', { top_p: -1 }, 'top_p: must be at least 0'],
		['an empty stop', { stop: '' }, 'stop: is empty'],
		['an empty list of stops', { stop: [] }, 'stop: must have at least one entry'],
		['five stops', { stop: [...'abcde'] }, 'stop: must have at most 4 entries'],
		['an empty stop in the list', { stop: ['a', ''] }, 'stop.1: is empty'],
		['a stop that is a number', { stop: 7 }, 'stop: must be text or a list'],
		['another modality', { modalities: ['audio'] }, 'modalities.0: must be text'],
		['stream in text', { stream: 'yes' }, 'stream: must be true or false'],
		[
			'include_usage in text',
			{ stream_options: { include_usage: 'yes' } },
			'stream_options.include_usage: must be true or false',
		],
		['a list as metadata', { metadata: [] }, 'metadata: must be an object'],
		['a number in metadata', { metadata: { a: 1 } }, 'metadata.a: must be text'],
		[
			'a long value in metadata',
			{ metadata: { a: 'v'.repeat(513) } },
			'metadata.a: must have at most 512 characters',
		],
		[
			'17 entries of metadata',
			{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`${i}`, ''])) },
			'metadata: must have at most 16 entries',
		],
		['a word as tools', { tools: 'f' }, 'tools: must be a list'],
		['a tool without type', { tools: [{ name: 'f' }] }, 'tools.0.type: is required'],
		[
			'an MCP server without address',
			{ tools: [{ type: 'mcp', server_label: 'tickets' }] },
			'tools.0.server_url: is required',
		],
		[
			'a knowledge base without ID',
			{ tools: [{ type: 'knowledge_base_retrieval' }] },
			'tools.0.knowledge_base_id: is required',
		],
		[
			'more searches than DigitalOcean allows',
			{ tools: [{ type: 'web_search', max_uses: 6 }] },
			'tools.0.max_uses: must be at most 5',
		],
		[
			'a reasoning budget that is no number',
			{ reasoning: { max_tokens: 'many' } },
			'reasoning.max_tokens: must be a number',
		],
		['a tool without name', { tools: [{ type: 'function' }] }, 'tools.0.name: is required'],
		[
			'the nested form of chat completions',
			{ tools: [{ type: 'function', function: { name: 'f' } }] },
			'tools.0.name: is required',
		],
		[
			'a tool name with a blank',
			{ tools: [{ type: 'function', name: 'a b' }] },
			'tools.0.name: must be 1 to 64 of the characters a-z, A-Z, 0-9, underscore and dash',
		],
		[
			'a long tool name',
			{ tools: [{ type: 'function', name: 'x'.repeat(65) }] },
			'tools.0.name: must be 1 to 64 of the characters a-z, A-Z, 0-9, underscore and dash',
		],
		[
			'parameters in text',
			{ tools: [{ type: 'function', name: 'f', parameters: '{}' }] },
			'tools.0.parameters: must be an object',
		],
		[
			'another tool choice',
			{ tool_choice: 'maybe' },
			'tool_choice: must be none, auto, required, or name a function',
		],
		[
			'a tool choice without name',
			{ tool_choice: { type: 'function', function: { name: '' } } },
			'tool_choice.function.name: is empty',
		],
		[
			'a tool choice of another type',
			{ tool_choice: { type: 'web_search', function: { name: 'f' } } },
			'tool_choice.type: must be function',
		],
		[
			'a tool choice that is null',
			{ tool_choice: null },
			'tool_choice: must be none, auto, required, or name a function',
		],
		['an item that is text', { input: ['Hi'] }, 'input.0: must be an object'],
		['an item that is null', { input: [null] }, 'input.0: must be an object'],
		['an item whose type is no text', { input: [{ type: 7 }] }, 'input.0.type: must be text'],
		[
			'a message without content',
			{ input: [{ role: 'user' }] },
			'input.0.content: must be text or a list of parts',
		],
		[
			'a message of null',
			{ input: [{ role: 'user', content: null }] },
			'input.0.content: must be text or a list of parts',
		],
		[
			'another role',
			{ input: [{ role: 'bot', content: 'Hi' }] },
			'input.0.role: must be user, assistant, system, developer or tool',
		],
		[
			'a message of a tool without its call',
			{ input: [{ role: 'tool', content: '7' }] },
			"input.0.tool_call_id: is required for the role 'tool'",
		],
		[
			'an input_text part without text',
			{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] },
			'input.0.content.0.text: must be text',
		],
		['a call without id', { input: [{ ...call, call_id: '' }] }, 'input.0.call_id: is empty'],
		['a call without name', { input: [{ ...call, name: undefined }] }, 'input.0.name: is required'],
		[
			'arguments that are an object',
			{ input: [{ ...call, arguments: {} }] },
			'input.0.arguments: must be text',
		],
		[
			'an output that is no text',
			{ input: [{ type: 'function_call_output', call_id: 'c', output: { a: 1 } }] },
			'input.0.output: must be text',
		],
		[
			'reasoning of another kind',
			{ input: [{ type: 'reasoning', content: [{ type: 'output_text', text: 'x' }] }] },
			'input.0.content.0.type: must be reasoning_text',
		],
	])('%s', (_what, extra, complaintOf) => {
		expect(complaints({ ...REQUEST, ...extra })).toEqual([complaintOf]);
	});

	test('a metadata key that is too long, at its own place', () => {
		const key = 'k'.repeat(65);
		expect(findViolations({ ...REQUEST, metadata: { [key]: '' } })).toEqual([
			{ path: ['metadata', key], message: 'has a name of more than 64 characters' },
		]);
	});

	test.each([null, undefined, 'text', 7, []])('a request that is no object: %j', (request) => {
		expect(complaints(request)).toHaveLength(1);
	});

	test('all at once, each with its place', () => {
		const request = {
			model: '',
			input: [
				{ role: 'user', content: 'Hi' },
				{ type: 'function_call', arguments: {} },
				{ role: 'tool', content: 7 },
			],
			temperature: 3,
			tools: [{ type: 'function', name: 'a b' }, { type: 'function' }],
		};
		expect(complaints(request)).toEqual([
			'model: is empty',
			'input.1.call_id: is required',
			'input.1.name: is required',
			'input.1.arguments: must be text',
			'input.2.content: must be text or a list of parts',
			"input.2.tool_call_id: is required for the role 'tool'",
			'temperature: must be at most 2',
			'tools.0.name: must be 1 to 64 of the characters a-z, A-Z, 0-9, underscore and dash',
			'tools.1.name: is required',
		]);
	});

	test('nothing because of __proto__ and constructor, which are keys as any other', () => {
		const request = parseJson(
			'{"model":"m","input":[{"role":"user","content":"Hi","__proto__":{"type":"reasoning"}}],"constructor":{},"metadata":{"__proto__":"a"},"__proto__":{"model":7}}',
		);
		expect(findViolations(request)).toEqual([]);
		expect(findViolations(parseJson('{"__proto__":{"model":"m","input":"Hi"}}'))).toHaveLength(2);
	});
});
