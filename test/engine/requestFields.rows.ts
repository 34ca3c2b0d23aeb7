/**
 * Every field of `ResponseCreateParams` and every member of its input union, as a user fills them in, and
 * what must be sent. `stream` and `stream_options` are not in the form yet.
 */
import type { IDataObject } from 'n8n-workflow';

import { byId, MODEL } from '../support/gradientNode';

export interface FieldRow {
	title: string;
	/** The request's field that this is about. */
	field: string;
	/** The form, without any JSON field, over a prompt of 'Hello'. */
	form: IDataObject;
	/** What is sent beside the model and `input: 'Hello'`. */
	sent: IDataObject;
}

const option = (
	field: string,
	name: string,
	value: unknown,
	sent = value,
	title = `${field} ${JSON.stringify(sent)}`,
): FieldRow => ({
	title,
	field,
	form: { options: { [name]: value } as IDataObject },
	sent: { [field]: sent } as IDataObject,
});

const tool = (title: string, row: IDataObject, sent: IDataObject): FieldRow => ({
	title: `tools: ${title}`,
	field: 'tools',
	form: { tools: { tool: [row] } },
	sent: { tools: [sent] },
});

const choice = (form: IDataObject, sent: unknown) =>
	option('tool_choice', 'toolChoice', { choice: form }, sent as IDataObject);

const input = (
	title: string,
	rows: IDataObject[],
	sent: IDataObject[],
	options: IDataObject = {},
): FieldRow => ({
	title: `input: ${title}`,
	field: 'input',
	form: { inputType: 'messages', messages: { message: rows }, options },
	sent: { input: sent },
});

const message = (title: string, row: IDataObject, sent: IDataObject) =>
	input(`message ${title}`, [{ type: 'message', ...row }], [sent]);

const says = (role: string) =>
	message(`of role ${role}`, { role, content: 'Hi' }, { role, content: 'Hi' });

const cityParameters = {
	type: 'object',
	properties: {
		city: { type: 'string', description: 'The city' },
		unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
		days: { type: 'integer' },
		tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
		hours: { type: 'array', items: { type: 'number' } },
		share: { type: 'number' },
		now: { type: 'boolean' },
		more: { type: 'object' },
	},
	required: ['city', 'unit'],
};

export const rows: FieldRow[] = [
	{ title: 'model by ID', field: 'model', form: { model: byId(MODEL) }, sent: { model: MODEL } },
	{
		title: 'model from the list',
		field: 'model',
		form: { model: { __rl: true, mode: 'list', value: 'kimi-k2.6', cachedResultName: 'Kimi' } },
		sent: { model: 'kimi-k2.6' },
	},
	{
		title: 'input as text',
		field: 'input',
		form: { inputType: 'text', prompt: 'Tell me a story.\nA short one.' },
		sent: { input: 'Tell me a story.\nA short one.' },
	},
	says('user'),
	says('assistant'),
	says('system'),
	says('developer'),
	message(
		'of role tool with tool_call_id',
		{ role: 'tool', content: '21 degrees', toolCallId: 'call_1' },
		{ role: 'tool', content: '21 degrees', tool_call_id: 'call_1' },
	),
	message(
		'with tool_calls',
		{
			role: 'assistant',
			content: '',
			toolCalls: { toolCall: [{ id: 'call_1', name: 'get_weather', arguments: '{"a":1}' }] },
		},
		{
			role: 'assistant',
			content: '',
			tool_calls: [
				{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"a":1}' } },
			],
		},
	),
	input(
		'messages with type',
		[
			{ type: 'message', role: 'user', content: 'Hi' },
			{ type: 'reasoning', reasoningText: ['Hm.'] },
		],
		[
			{ type: 'message', role: 'user', content: 'Hi' },
			{ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
		],
		{ sendMessageType: true },
	),
	message(
		'with input_text parts',
		{
			role: 'user',
			contentType: 'parts',
			parts: {
				part: [
					{ partType: 'input_text', text: 'One' },
					{ partType: 'input_text', text: 'Two' },
				],
			},
		},
		{
			role: 'user',
			content: [
				{ type: 'input_text', text: 'One' },
				{ type: 'input_text', text: 'Two' },
			],
		},
	),
	message(
		'with a part of another kind',
		{
			role: 'user',
			contentType: 'parts',
			parts: {
				part: [
					{
						partType: 'other',
						fields: {
							field: [
								{ name: 'type', value: 'input_image' },
								{ name: 'image_url', value: 'https://example.com/a.png' },
								{ name: 'size', value: '={{ ({ width: 2 }) }}' },
							],
						},
					},
				],
			},
		},
		{
			role: 'user',
			content: [
				{ type: 'input_image', image_url: 'https://example.com/a.png', size: { width: 2 } },
			],
		},
	),
	input(
		'function_call',
		[
			{
				type: 'function_call',
				callId: 'call_1',
				name: 'get_weather',
				arguments: '{"city":"Paris"}',
			},
		],
		[
			{
				type: 'function_call',
				call_id: 'call_1',
				name: 'get_weather',
				arguments: '{"city":"Paris"}',
			},
		],
	),
	input(
		'function_call with all its fields',
		[
			{
				type: 'function_call',
				callId: 'call_1',
				name: 'get_weather',
				arguments: '{}',
				moreFields: { id: 'fc_1', status: 'completed', encryptedContent: 'c2VjcmV0' },
			},
		],
		[
			{
				type: 'function_call',
				call_id: 'call_1',
				name: 'get_weather',
				arguments: '{}',
				id: 'fc_1',
				status: 'completed',
				encrypted_content: 'c2VjcmV0',
			},
		],
	),
	input(
		'function_call_output',
		[{ type: 'function_call_output', callId: 'call_1', output: '{"temperature":21}' }],
		[{ type: 'function_call_output', call_id: 'call_1', output: '{"temperature":21}' }],
	),
	input(
		'function_call_output with all its fields',
		[
			{
				type: 'function_call_output',
				callId: 'call_1',
				output: 'ok',
				moreFields: { id: 'fco_1', status: 'completed', encryptedContent: 'c2VjcmV0' },
			},
		],
		[
			{
				type: 'function_call_output',
				call_id: 'call_1',
				output: 'ok',
				id: 'fco_1',
				status: 'completed',
				encrypted_content: 'c2VjcmV0',
			},
		],
	),
	input(
		'reasoning with all its fields',
		[
			{
				type: 'reasoning',
				reasoningText: ['First.', 'Second.'],
				moreFields: {
					id: 'rs_1',
					status: 'completed',
					encryptedContent: 'c2VjcmV0',
					summary: ['In short.'],
				},
			},
		],
		[
			{
				type: 'reasoning',
				content: [
					{ type: 'reasoning_text', text: 'First.' },
					{ type: 'reasoning_text', text: 'Second.' },
				],
				id: 'rs_1',
				status: 'completed',
				encrypted_content: 'c2VjcmV0',
				summary: [{ type: 'summary_text', text: 'In short.' }],
			},
		],
	),
	input(
		'all kinds of members in one conversation',
		[
			{ type: 'message', role: 'developer', content: 'Be brief.' },
			{ type: 'message', role: 'user', content: 'Weather?' },
			{ type: 'reasoning', reasoningText: ['A call.'] },
			{ type: 'function_call', callId: 'call_1', name: 'f', arguments: '{}' },
			{ type: 'function_call_output', callId: 'call_1', output: '21' },
		],
		[
			{ role: 'developer', content: 'Be brief.' },
			{ role: 'user', content: 'Weather?' },
			{ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'A call.' }] },
			{ type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
			{ type: 'function_call_output', call_id: 'call_1', output: '21' },
		],
	),
	{
		title: 'instructions',
		field: 'instructions',
		form: { instructions: 'Answer in English.' },
		sent: { instructions: 'Answer in English.' },
	},
	option('max_output_tokens', 'maxOutputTokens', 1),
	option('max_tokens', 'maxTokens', 0),
	option('max_tokens', 'maxTokens', 300),
	option(
		'metadata',
		'metadata',
		{
			entry: [
				{ name: 'ticket', value: '4711' },
				{ name: 'count', value: '={{ 3 }}' },
			],
		},
		{ ticket: '4711', count: '3' } as never,
	),
	option('modalities', 'modalities', ['text']),
	option('parallel_tool_calls', 'parallelToolCalls', true),
	option('parallel_tool_calls', 'parallelToolCalls', false),
	option('prompt_cache_key', 'promptCacheKey', 'tickets'),
	option('prompt_cache_retention', 'promptCacheRetention', 'in_memory'),
	option('prompt_cache_retention', 'promptCacheRetention', '24h'),
	...['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'].map((effort) =>
		option('reasoning', 'reasoningEffort', effort, { effort } as never),
	),
	option('reasoning', 'reasoningBudget', 2048, { max_tokens: 2048 } as never),
	option('reasoning', 'reasoningSummary', 'concise', { summary: 'concise' } as never),
	option('stop', 'stop', ['END'], 'END' as never),
	option('stop', 'stop', ['1', '\n', 'STOP ', '4']),
	option('stream', 'stream', 'off', false as never),
	{
		title: 'stream, with usage',
		field: 'stream',
		form: { options: { stream: 'on' } },
		sent: { stream: true, stream_options: { include_usage: true } },
	},
	{
		title: 'stream_options, without usage',
		field: 'stream_options',
		form: { options: { stream: 'on', includeUsage: false } },
		sent: { stream: true, stream_options: { include_usage: false } },
	},
	option('temperature', 'temperature', 0),
	option('temperature', 'temperature', 2),
	option('top_p', 'topP', 0),
	option('top_p', 'topP', 0.25),
	choice({ mode: 'none' }, 'none'),
	choice({ mode: 'auto' }, 'auto'),
	choice({ mode: 'required' }, 'required'),
	choice(
		{ mode: 'function', functionName: 'get_weather' },
		{ type: 'function', function: { name: 'get_weather' } },
	),
	tool(
		'a function without parameters',
		{ type: 'function', name: 'get_time', parametersMode: 'none' },
		{ type: 'function', name: 'get_time' },
	),
	tool(
		'a function with description and parameters',
		{
			type: 'function',
			name: 'get_weather',
			description: 'Gets the weather',
			parametersMode: 'fields',
			parameters: {
				parameter: [
					{ name: 'city', type: 'string', description: 'The city', required: true },
					{ name: 'unit', type: 'string', allowedValues: 'celsius, fahrenheit', required: true },
					{ name: 'days', type: 'integer', required: false },
					{ name: 'tags', type: 'string[]', allowedValues: 'a,b', required: false },
					{ name: 'hours', type: 'number[]', required: false },
					{ name: 'share', type: 'number', required: false },
					{ name: 'now', type: 'boolean', required: false },
					{ name: 'more', type: 'object', required: false },
				],
			},
		},
		{
			type: 'function',
			name: 'get_weather',
			description: 'Gets the weather',
			parameters: cityParameters,
		},
	),
	tool(
		'a function that is loaded when it is looked for',
		{ type: 'function', name: 'get_time', parametersMode: 'none', deferLoading: true },
		{ type: 'function', name: 'get_time', defer_loading: true },
	),
	tool('web_search', { type: 'web_search' }, { type: 'web_search' }),
	tool(
		'web_search with limits',
		{ type: 'web_search', searchLimits: { maxUses: 2, maxResults: '={{ "8" }}' } },
		{ type: 'web_search', max_uses: 2, max_results: 8 },
	),
	tool('web_fetch', { type: 'web_fetch' }, { type: 'web_fetch' }),
	tool(
		'web_fetch with a limit',
		{ type: 'web_fetch', fetchLimits: { maxUses: 7 } },
		{ type: 'web_fetch', max_uses: 7 },
	),
	tool(
		'knowledge_base_retrieval',
		{ type: 'knowledge_base_retrieval', knowledgeBaseId: ' kb-1 ' },
		{ type: 'knowledge_base_retrieval', knowledge_base_id: 'kb-1' },
	),
	tool(
		'mcp',
		{ type: 'mcp', serverLabel: 'tickets', serverUrl: 'https://mcp.example.com/mcp' },
		{ type: 'mcp', server_label: 'tickets', server_url: 'https://mcp.example.com/mcp' },
	),
	tool(
		'mcp with allowed tools, loaded when they are looked for',
		{
			type: 'mcp',
			serverLabel: 'tickets',
			serverUrl: 'https://mcp.example.com/mcp',
			allowedTools: 'find_ticket, list_tickets',
			deferLoading: true,
		},
		{
			type: 'mcp',
			server_label: 'tickets',
			server_url: 'https://mcp.example.com/mcp',
			allowed_tools: ['find_ticket', 'list_tickets'],
			defer_loading: true,
		},
	),
	tool(
		'model_synthesis by a preset',
		{ type: 'model_synthesis', synthesisMode: 'preset', preset: 'balanced' },
		{ type: 'model_synthesis', preset: 'balanced' },
	),
	tool(
		'model_synthesis with all its fields',
		{
			type: 'model_synthesis',
			synthesisMode: 'models',
			synthesisModel: 'openai-gpt-oss-120b',
			analysisModels: '={{ ["kimi-k2.6", "deepseek-v4-pro"] }}',
			synthesisLimits: {
				reasoningEffort: 'low',
				maxToolCalls: 4,
				maxTokens: 900,
				allowedDomains: 'example.com,docs.example.com',
				blockedDomains: 'example.net',
			},
		},
		{
			type: 'model_synthesis',
			model: 'openai-gpt-oss-120b',
			analysis_models: ['kimi-k2.6', 'deepseek-v4-pro'],
			reasoning_effort: 'low',
			max_tool_calls: 4,
			max_tokens: 900,
			allowed_domains: ['example.com', 'docs.example.com'],
			blocked_domains: ['example.net'],
		},
	),
	tool('tool_search', { type: 'tool_search' }, { type: 'tool_search' }),
	tool(
		'any other',
		{
			type: 'other',
			otherType: 'code_interpreter',
			otherFields: '{ "container": { "type": "auto" } }',
		},
		{ type: 'code_interpreter', container: { type: 'auto' } },
	),
	tool(
		'web_search_2025_08_26',
		{ type: 'web_search_2025_08_26' },
		{ type: 'web_search_2025_08_26' },
	),
	{
		title: 'tools: several',
		field: 'tools',
		form: {
			tools: {
				tool: [
					{ type: 'web_search' },
					{ type: 'function', name: 'a', parametersMode: 'none' },
					{ type: 'function', name: 'b-B_2', parametersMode: 'none' },
				],
			},
		},
		sent: {
			tools: [
				{ type: 'web_search' },
				{ type: 'function', name: 'a' },
				{ type: 'function', name: 'b-B_2' },
			],
		},
	},
	option('user', 'user', 'customer-1234'),
];
