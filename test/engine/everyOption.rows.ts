/** For each field of the form, by its path: a form in which it matters, and two values for it. */
import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { json, type Answer } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { MCP_URL, byId, TEXT } from '../support/gradientNode';
import type { GradientServer } from '../support/gradientServer';
import { PNG_FILE } from '../support/files';
import {
	functionCall as functionCallItem,
	responseOf,
	responses,
	textResponse,
} from '../support/responses';
import { echoTool, type ToolsRun } from '../support/toolNodes';

export interface OptionRow {
	/** The rest of the form. */
	form: IDataObject;
	/** Instead of the field's default. */
	from?: unknown;
	to: unknown;
	items?: IDataObject[];
	/** The binary fields of each item. */
	binaries?: IBinaryKeyData[];
	/** Plugged into the node. */
	tools?: ToolsRun['tools'];
	/** The run ends in an error with `to`. */
	fails?: true;
	/** A chat shows the text while it is written. */
	isListenedTo?: true;
	/** How the server answers; by default it echoes the prompt. */
	answer?: (server: GradientServer) => Answer | Answer[] | ((request: unknown) => Promise<Answer>);
}

/** An MCP result with a picture. */
const PICTURE = JSON.stringify([{ type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' }]);

const message = (row: IDataObject): IDataObject => ({
	...TEXT,
	inputType: 'messages',
	messages: { message: [{ type: 'message', role: 'user', content: 'Hi', ...row }] },
});

const userMessage = message({});
const part = (row: IDataObject) => message({ contentType: 'parts', parts: { part: [row] } });
const otherPart = part({
	partType: 'other',
	fields: { field: [{ name: 'type', value: 'input_image' }] },
});
const assistant = message({
	role: 'assistant',
	toolCalls: { toolCall: [{ id: 'call_1', name: 'f', arguments: '{}' }] },
});
const functionCall = message({
	type: 'function_call',
	callId: 'call_1',
	name: 'f',
	arguments: '{}',
});
const callOutput = message({ type: 'function_call_output', callId: 'call_1', output: 'ok' });
const reasoning = message({ type: 'reasoning', reasoningText: ['Hm.'] });

const tool = (row: IDataObject): IDataObject => ({
	...TEXT,
	tools: { tool: [{ type: 'function', name: 'f', parametersMode: 'none', ...row }] },
});
const mcp = (row: IDataObject) =>
	tool({ type: 'mcp', serverLabel: 'tickets', serverUrl: MCP_URL, ...row });
const synthesis = (row: IDataObject) => tool({ type: 'model_synthesis', ...row });
const knowledgeBase = tool({ type: 'knowledge_base_retrieval' });
const parameter = (row: IDataObject) =>
	tool({
		parametersMode: 'fields',
		parameters: { parameter: [{ name: 'city', type: 'string', ...row }] },
	});

const withOptions = (options: IDataObject): IDataObject => ({ ...TEXT, options });
const incoming: IDataObject = { ...TEXT, inputType: 'items' };
const inputItems: IDataObject = { ...incoming, itemsAre: 'inputItems' };

const withOutput = (form: IDataObject): IDataObject => ({
	...TEXT,
	outputFormat: 'schema',
	...form,
});
const outputField = (row: IDataObject) =>
	withOutput({ outputFields: { field: [{ name: 'city', type: 'string', ...row }] } });
const CITY = json(textResponse('{"city":"Oslo"}'));

const models: IDataObject = { resource: 'model', operation: 'getMany' };

/** Answers when `count` requests are there, or after half a second. */
const together = (count: number) => (server: GradientServer) => async () => {
	await server.until(() => server.inFlight >= count, 500).catch(() => undefined);
	return json(responses.text);
};

export const rows: Record<string, OptionRow> = {
	resource: { form: TEXT, to: 'model' },

	model: { form: { ...TEXT, model: byId('a') }, from: byId('a'), to: byId('b') },
	inputType: { form: { ...TEXT, inputJson: '"Other"' }, to: 'json' },
	prompt: { form: TEXT, from: 'Hello', to: 'Bye' },
	contentField: { form: incoming, items: [{ text: 'a', body: 'b' }], to: 'body' },
	itemsAre: { form: incoming, items: [{ text: 'a', role: 'system' }], to: 'inputItems' },
	roleField: { form: inputItems, items: [{ text: 'a', role: 'user', by: 'system' }], to: 'by' },
	inputJson: { form: { ...TEXT, inputType: 'json' }, from: '"Hello"', to: '"Bye"' },
	instructions: { form: TEXT, to: 'Be brief.' },
	outputFormat: { form: TEXT, to: 'json', answer: () => CITY },
	outputSchemaMode: {
		form: outputField({}),
		to: 'example',
		answer: () => json(textResponse('{"city":"Oslo","amount":1,"items":[]}')),
	},
	'outputFields.field.name': {
		form: outputField({}),
		from: 'city',
		to: 'town',
		answer: () => json(textResponse('{"city":"Oslo","town":"Oslo"}')),
	},
	'outputFields.field.type': {
		form: outputField({}),
		to: 'string[]',
		answer: (server) => async () => {
			const { text } = server.bodies.at(-1) as { text: object };
			const isList = JSON.stringify(text).includes('"array"');
			return json(textResponse(isList ? '{"city":["Oslo"]}' : '{"city":"Oslo"}'));
		},
	},
	'outputFields.field.description': { form: outputField({}), to: 'The city', answer: () => CITY },
	'outputFields.field.allowedValues': {
		form: outputField({}),
		to: 'Oslo, Rome',
		answer: () => CITY,
	},
	'outputFields.field.required': { form: outputField({}), to: false, answer: () => CITY },
	outputExample: {
		form: withOutput({ outputSchemaMode: 'example' }),
		from: '{ "city": "Rome" }',
		to: '{ "city": "Rome", "day": null }',
		answer: () => json(textResponse('{"city":"Oslo","day":null}')),
	},
	outputSchema: {
		form: withOutput({ outputSchemaMode: 'schema' }),
		to: '{ "type": "object", "properties": { "city": {} } }',
		answer: () => CITY,
	},
	simplify: { form: TEXT, to: false },
	separateToolCalls: {
		form: TEXT,
		to: true,
		answer: () => json(responses.functionCall),
	},

	attachments: { form: TEXT, binaries: [{ data: PNG_FILE }], to: 'data' },
	'options.maxAttachmentSize': {
		form: { ...TEXT, attachments: 'data' },
		binaries: [{ data: PNG_FILE }],
		to: 0.000_01,
		fails: true,
	},
	'options.pictureDetail': {
		form: { ...TEXT, attachments: 'data' },
		binaries: [{ data: PNG_FILE }],
		to: 'low',
	},

	'messages.message.type': {
		form: message({ callId: 'c', output: 'x' }),
		to: 'function_call_output',
	},
	'messages.message.role': { form: userMessage, to: 'system' },
	'messages.message.contentType': { form: message({ partsJson: '[{ "type": "a" }]' }), to: 'json' },
	'messages.message.content': { form: userMessage, from: 'Hi', to: 'Ho' },
	'messages.message.parts.part.partType': {
		form: part({ text: 'Hi', fields: { field: [{ name: 'type', value: 'input_image' }] } }),
		to: 'other',
	},
	'messages.message.parts.part.text': { form: part({}), from: 'Hi', to: 'Ho' },
	'messages.message.parts.part.fields.field.name': { form: otherPart, from: 'type', to: 'kind' },
	'messages.message.parts.part.fields.field.value': { form: otherPart, to: 'input_file' },
	'messages.message.partsJson': {
		form: message({ contentType: 'json' }),
		to: '[{ "type": "input_text", "text": "Ho" }]',
	},
	'messages.message.toolCallId': {
		form: message({ role: 'tool', toolCallId: 'call_1' }),
		from: 'call_1',
		to: 'call_2',
	},
	'messages.message.toolCalls.toolCall.id': { form: assistant, from: 'call_1', to: 'call_2' },
	'messages.message.toolCalls.toolCall.name': { form: assistant, from: 'f', to: 'g' },
	'messages.message.toolCalls.toolCall.arguments': { form: assistant, from: '{}', to: '{"a":1}' },
	'messages.message.callId': { form: functionCall, from: 'call_1', to: 'call_2' },
	'messages.message.name': { form: functionCall, from: 'f', to: 'g' },
	'messages.message.arguments': { form: functionCall, from: '{}', to: '{"a":1}' },
	'messages.message.output': { form: callOutput, to: 'done' },
	'messages.message.reasoningText': { form: reasoning, from: ['Hm.'], to: ['Hm.', 'Ah.'] },
	'messages.message.moreFields.encryptedContent': { form: reasoning, to: 'c2VjcmV0' },
	'messages.message.moreFields.id': { form: reasoning, to: 'rs_1' },
	'messages.message.moreFields.status': { form: reasoning, to: 'completed' },
	'messages.message.moreFields.summary': { form: reasoning, to: ['In short.'] },
	'messages.message.conversation': {
		form: message({ type: 'conversation' }),
		items: [{ conversation: [{ role: 'user', content: 'Hi' }] }],
		to: '[{ "role": "user", "content": "Ho" }]',
	},

	'tools.tool.type': { form: tool({}), to: 'web_search' },
	'tools.tool.name': { form: tool({}), from: 'f', to: 'g' },
	'tools.tool.description': { form: tool({}), to: 'Does it' },
	'tools.tool.parametersMode': { form: parameter({}), to: 'none' },
	'tools.tool.parameters.parameter.name': { form: parameter({}), from: 'city', to: 'town' },
	'tools.tool.parameters.parameter.type': { form: parameter({}), to: 'number' },
	'tools.tool.parameters.parameter.description': { form: parameter({}), to: 'The city' },
	'tools.tool.parameters.parameter.allowedValues': { form: parameter({}), to: 'Paris, Rome' },
	'tools.tool.parameters.parameter.required': { form: parameter({}), to: false },
	'tools.tool.parametersExample': { form: tool({ parametersMode: 'example' }), to: '{ "day": 1 }' },
	'tools.tool.parametersSchema': {
		form: tool({ parametersMode: 'schema' }),
		to: '{ "type": "object" }',
	},

	'tools.tool.deferLoading': { form: tool({}), to: true },
	'tools.tool.knowledgeBaseId': { form: knowledgeBase, from: 'a', to: 'b' },
	'tools.tool.serverLabel': { form: mcp({}), from: 'a', to: 'b' },
	'tools.tool.serverUrl': { form: mcp({}), from: MCP_URL, to: 'https://mcp.example.net' },
	'tools.tool.allowedTools': { form: mcp({}), to: 'find, list' },
	'tools.tool.synthesisMode': { form: synthesis({ synthesisModel: 'a' }), to: 'models' },
	'tools.tool.preset': { form: synthesis({}), to: 'fast' },
	'tools.tool.synthesisModel': { form: synthesis({ synthesisMode: 'models' }), to: 'a' },
	'tools.tool.analysisModels': { form: synthesis({ synthesisMode: 'models' }), to: 'a, b' },
	'tools.tool.synthesisLimits.allowedDomains': { form: synthesis({}), to: 'example.com' },
	'tools.tool.synthesisLimits.blockedDomains': { form: synthesis({}), to: 'example.com' },
	'tools.tool.synthesisLimits.maxTokens': { form: synthesis({}), to: 7 },
	'tools.tool.synthesisLimits.maxToolCalls': { form: synthesis({}), to: 7 },
	'tools.tool.synthesisLimits.reasoningEffort': { form: synthesis({}), to: 'high' },
	'tools.tool.fetchLimits.maxUses': { form: tool({ type: 'web_fetch' }), to: 7 },
	'tools.tool.searchLimits.maxResults': { form: tool({ type: 'web_search' }), to: 7 },
	'tools.tool.searchLimits.maxUses': { form: tool({ type: 'web_search' }), to: 1 },
	'tools.tool.otherType': { form: tool({ type: 'other' }), from: 'shell', to: 'computer' },
	'tools.tool.otherFields': {
		form: tool({ type: 'other', otherType: 'shell' }),
		to: '{ "size": 1 }',
	},
	'tools.tool.strict': { form: parameter({}), to: true },

	'options.additionalFields': { form: TEXT, to: '{ "seed": 7 }' },
	'options.includeInOutput': { form: TEXT, items: [{ a: 1 }], to: ['inputFields'] },
	'options.outputField': { form: TEXT, from: '', to: 'reply' },
	'options.maxOutputTokens': { form: TEXT, to: 5 },
	'options.maxTokens': { form: TEXT, to: 5 },
	'options.mcpServerCredential': { form: mcp({}), to: false },
	'options.metadata.entry.name': {
		form: withOptions({ metadata: { entry: [{ value: 'v' }] } }),
		from: 'a',
		to: 'b',
	},
	'options.metadata.entry.value': {
		form: withOptions({ metadata: { entry: [{ name: 'a' }] } }),
		to: 'b',
	},
	'options.modalities': { form: TEXT, to: [] },
	'options.parallelToolCalls': { form: TEXT, to: false },
	'options.promptCacheKey': { form: TEXT, to: 'tickets' },
	'options.promptCacheRetention': { form: TEXT, to: '24h' },
	'options.reasoningBudget': { form: TEXT, to: 2048 },
	'options.reasoningEffort': { form: TEXT, to: 'none' },
	'options.reasoningSummary': { form: TEXT, to: 'concise' },
	'options.sendMessageType': { form: userMessage, to: false },
	'options.sessionId': { form: TEXT, to: 'chat-1' },
	'options.showJson': {
		form: outputField({}),
		from: false,
		to: true,
		isListenedTo: true,
		answer: () => CITY,
	},
	'options.structuredOutputBy': {
		form: outputField({}),
		to: 'functionCall',
		answer: () => json(responseOf([functionCallItem('output', '{"city":"Oslo"}')])),
	},
	'options.stop': { form: TEXT, to: ['END'] },
	'options.stream': { form: TEXT, to: 'on' },
	'options.includeUsage': { form: withOptions({ stream: 'on' }), to: false },
	'options.temperature': { form: TEXT, to: 0.5 },
	'options.toolChoice': { form: TEXT, to: 'required' },
	'options.toolChoiceFunction': {
		form: withOptions({ toolChoice: 'function' }),
		from: 'f',
		to: 'g',
	},
	'options.topP': { form: TEXT, to: 0.5 },
	'options.user': { form: TEXT, to: 'customer-1' },

	'requestOptions.delayBetweenRequests': {
		form: TEXT,
		to: 600,
		items: [{}, {}],
		answer: together(2),
	},
	'requestOptions.maxConcurrentRequests': {
		form: TEXT,
		to: 3,
		items: [{}, {}, {}, {}, {}],
		answer: together(5),
	},
	'requestOptions.maxRepairs': {
		form: { ...outputField({}), options: { structuredOutputBy: 'textFormat' } },
		to: 0,
		fails: true,
		answer: () => [json(textResponse('{}')), CITY],
	},
	'requestOptions.maxRetries': {
		form: TEXT,
		to: 0,
		fails: true,
		answer: () => json({}, { status: 503, headers: { 'retry-after-ms': '1' } }),
	},
	'requestOptions.maxToolIterations': {
		form: TEXT,
		to: 2,
		fails: true,
		tools: { Weather: () => echoTool('get_weather') },
		answer: (server) => async () =>
			json(server.requests.length < 3 ? responses.functionCall : responses.text),
	},
	'requestOptions.onFailure': {
		form: { ...TEXT, requestOptions: { maxRetries: 0, maxConcurrentRequests: 1 } },
		to: 'finish',
		items: [{}, {}],
		answer: () => [json(responses.text), errorBodies.unauthorized],
	},
	'requestOptions.sendToolPictures': {
		form: TEXT,
		to: false,
		tools: { Weather: () => echoTool('get_weather', { invoke: () => PICTURE }) },
		answer: () => [json(responses.functionCall), json(responses.text)],
	},
	'requestOptions.strictTools': {
		form: TEXT,
		from: false,
		to: true,
		tools: { Weather: () => echoTool('get_weather') },
	},
	'requestOptions.timeout': {
		form: TEXT,
		to: 20,
		fails: true,
		answer: () => json(responses.text, { delayMs: 300 }),
	},

	returnAll: { form: { ...models, limit: 2 }, to: true },
	limit: { form: models, to: 2 },
};
