/** How each field is asked for, and what comes of it where it is not just the answer. */
import type { IDataObject } from 'n8n-workflow';

import type { Case, Where } from '../support/case';
import type { Question } from '../support/question';
import { WEATHER } from '../support/tools';
import { NOT_YET } from './notYet';
import { AFTER, NO, TEXT, asksFor, failure, says, user } from './words';

export interface FieldCase
	extends Partial<Omit<Case, 'name' | 'run'>>,
		Partial<Pick<Question, 'prompt' | 'hasTool'>> {
	/** What the model must have read if the field had an effect: it then answers yes. */
	sees?: string;
	/** Of the form, which the field needs. */
	more?: IDataObject;
}

const CALL = [`${WEATHER} {"city":"Paris"}`];

const CITIES = [`${WEATHER} {"city":"Lisbon"}`, `${WEATHER} {"city":"Porto"}`];

/**
 * The tool of the scripts, in the form; as a connected one it would be run. With its parameter, as llama-server's
 * grammar lets no other through: without one, the model of these tests writes calls without an end there.
 */
const FORM_TOOL = {
	tools: {
		tool: [
			{
				type: 'function',
				name: WEATHER,
				parametersMode: 'fields',
				parameters: { parameter: [{ name: 'city', type: 'string', required: true }] },
			},
		],
	},
};

/** A choice among the tools, where the model calls one. */
const choice: FieldCase = {
	prompt: 'say call',
	more: FORM_TOOL,
	expect: { text: '', calls: CALL },
};

const VLLM: Where = ['vllm', 'vllm-qwen3'];

const unexpected = (field: string) => ({
	on: ['transformers'] as Where,
	expect: { error: failure(new RegExp(`Unexpected fields in the request: .*'${field}'`), /./) },
	why: 'the server refuses what it does not know',
});

/** Tools of DigitalOcean's own, of which other servers have never heard. */
const ofDigitalOcean: FieldCase = {
	differs: [
		{
			on: VLLM,
			expect: { error: failure(/./, /./) },
			why: 'the server knows no such tool',
		},
	],
};

/** Nothing is made up before what the user wrote. */
const headless = {
	on: ['transformers'] as Where,
	expect: { error: failure(/Internal Server Error/, /Put a message of the user before it/) },
	why: 'the server fails on a list that does not begin with a message',
};

/** By the title of the row. */
export const FIELDS: Record<string, FieldCase> = {
	'input as text': { expect: { text: 'You said something that I have no script for.' } },
	'input: message of role user': { sees: 'Hi' },
	'input: message of role assistant': {
		sees: 'Hi',
	},
	'input: message of role system': { sees: 'Hi' },
	'input: message of role developer': { sees: 'Hi' },
	'input: message of role tool with tool_call_id': {
		sees: '21 degrees',
		differs: [
			{
				on: VLLM,
				expect: { error: failure(/role|Input should be 'user'/, /./) },
				why: 'the server knows no such role in this API',
			},
			{
				on: ['llama-server'],
				expect: { error: failure(/Cannot determine type of 'item'/, /./) },
				why: 'likewise',
			},
		],
	},
	'input: message with tool_calls': {
		sees: WEATHER,
		differs: [
			{
				on: ['transformers'],
				expect: { text: NO },
				why: 'the server does not show it to the model',
			},
			{
				on: VLLM,
				expect: { text: NO },
				why: 'the server reads the text of messages only, in silence',
			},
		],
	},
	'input: messages with type': {
		sees: 'Hm.',
		differs: [
			{
				on: ['transformers'],
				expect: { text: NO },
				why: 'the server does not show it to the model',
			},
		],
	},
	'input: message with input_text parts': { sees: 'Two' },
	'input: message with a part of another kind': {
		sees: 'input_image',
		differs: [
			{
				on: ['transformers'],
				expect: { text: NO },
				why: 'the server leaves pictures out, in silence',
			},
			{
				on: VLLM,
				expect: { error: failure(/not a multimodal model/, /./) },
				why: 'the model reads no pictures',
			},
			{
				on: ['llama-server'],
				expect: { error: failure(/image input is not supported/, /./) },
				why: 'likewise',
			},
		],
	},
	'input: function_call': {
		sees: 'Paris',
		differs: [headless],
	},
	'input: function_call with all its fields': {
		sees: WEATHER,
		differs: [headless],
	},
	'input: function_call_output': {
		sees: 'temperature',
		differs: [headless],
	},
	'input: function_call_output with all its fields': {
		sees: 'ok',
		differs: [headless],
	},
	'input: reasoning with all its fields': {
		sees: 'Second.',
		differs: [
			{
				on: VLLM,
				expect: { text: NO, requests: 2 },
				why: 'the server refuses what it did not encrypt; asked again without that, it shows the model the first part only',
			},
			{
				on: ['llama-server'],
				expect: { text: NO },
				why: 'the server does not show it to the model',
			},
			headless,
		],
	},
	'input: all kinds of members in one conversation': {
		sees: 'A call.',
		differs: [
			{
				on: ['transformers'],
				expect: { text: NO },
				why: 'the server does not show it to the model',
			},
		],
	},
	instructions: { sees: 'Answer in English.' },
	'max_output_tokens 1': {
		expect: { text: 'Hello', finishReason: 'length' },
		differs: [
			{
				on: ['llama-server', 'transformers'],
				expect: { text: 'Hello' },
				why: 'the server says that the answer is complete',
			},
		],
	},
	'max_tokens 0': {
		differs: [
			unexpected('max_tokens'),
			{
				on: ['llama-server'],
				expect: { text: 'Hello' },
				why: 'the server obeys, and writes one token all the same',
			},
		],
	},
	'max_tokens 300': { differs: [unexpected('max_tokens')] },
	'modalities ["text"]': { differs: [unexpected('modalities')] },
	'stop "END"': { differs: [unexpected('stop')] },
	'parallel_tool_calls false': {
		prompt: 'say two',
		hasTool: true,
		expect: {
			steps: [user('say two'), ...asksFor('Lisbon'), says(AFTER)],
		},
		differs: [
			{
				on: ['llama-server', 'transformers'],
				expect: { ran: CITIES, text: AFTER },
				why: 'the server takes no notice of it',
			},
		],
	},
	'stop ["1","\\n","STOP ","4"]': {
		prompt: 'say lines',
		expect: { text: 'one' },
		differs: [unexpected('stop')],
	},
	'top_p 0': {
		differs: [
			{
				on: VLLM,
				expect: { error: failure(/top_p must be in \(0, 1\]/, /./) },
				why: 'the server takes no 0, which means the likeliest token elsewhere',
			},
		],
	},
	'tool_choice "none"': { more: FORM_TOOL, expect: { text: TEXT, calls: [] } },
	'tool_choice "auto"': choice,
	'tool_choice "required"': choice,
	'tool_choice {"type":"function","function":{"name":"get_weather"}}': {
		...choice,
		failing: [{ on: VLLM, why: NOT_YET.namedChoice }],
	},
	'tools: a function without parameters': { sees: 'get_time' },
	'tools: a function with description and parameters': { sees: 'Gets the weather' },
	'tools: web_search': {},
	'tools: web_search_2025_08_26': {},
	'tools: web_fetch': ofDigitalOcean,
	'tools: web_fetch with a limit': ofDigitalOcean,
	'tools: knowledge_base_retrieval': ofDigitalOcean,
	'tools: several': { sees: 'b-B_2' },
};

/** What the form has not, as Additional Fields. */
export const ADDITIONAL: Array<FieldCase & { title: string; fields: IDataObject }> = [
	{
		title: 'reasoning.effort high',
		fields: { reasoning: { effort: 'high' } },
		prompt: 'say think',
		expect: { text: 'It is sunny in Paris.' },
	},
	{
		title: 'text.format json_schema',
		fields: {
			text: {
				format: {
					type: 'json_schema',
					name: 'place',
					schema: {
						type: 'object',
						properties: { city: { type: 'string' }, temp: { type: 'integer' } },
						required: ['city', 'temp'],
					},
				},
			},
		},
		prompt: 'say json',
		expect: { text: '{"city": "Paris", "temp": 21}' },
	},
	{
		title: 'text.format json_object',
		fields: { text: { format: { type: 'json_object' } } },
		prompt: 'say json',
		expect: { text: '{"city": "Paris", "temp": 21}' },
	},
	{
		title: 'response_format of chat completions',
		fields: { response_format: { type: 'json_object' } },
		differs: [unexpected('response_format')],
		prompt: 'say json',
		expect: { text: '{"city": "Paris", "temp": 21}' },
	},
	{ title: 'store', fields: { store: true } },
	{
		title: 'previous_response_id',
		fields: { previous_response_id: 'resp_0000000000000001' },
		differs: [
			{
				on: VLLM,
				expect: { error: failure(/Response with id 'resp_.*' not found/, /./) },
				why: 'the server keeps no responses',
			},
			{
				on: ['llama-server'],
				expect: { error: failure(/does not support 'previous_response_id'/, /./) },
				why: 'likewise',
			},
		],
	},
	{
		title: 'background',
		fields: { background: true },
		differs: [
			{
				on: VLLM,
				expect: {
					error: { firstLine: expect.stringContaining('the background mode') as string },
				},
				why: 'the server keeps no responses',
			},
		],
	},
	{ title: 'truncation auto', fields: { truncation: 'auto' } },
	{ title: 'include', fields: { include: ['reasoning.encrypted_content'] } },
	{
		title: 'n',
		fields: { n: 2 },
		differs: [
			unexpected('n'),
			{
				on: ['llama-server', 'whole'],
				expect: { error: failure(/list of 2 responses/, /./) },
				why: 'the server answers with a list of two responses',
			},
		],
	},
	{ title: 'top_k and seed', fields: { top_k: 5, seed: 7 }, differs: [unexpected('top_k')] },
	{
		title: 'top_logprobs',
		fields: { top_logprobs: 2 },
		differs: [
			{
				on: ['llama-server'],
				expect: { error: failure(/top_logprobs requires logprobs/, /./) },
				why: 'the server reads the field of chat completions',
			},
		],
	},
	{ title: 'service_tier', fields: { service_tier: 'auto' } },
	{ title: 'a field that no API has', fields: { banana: 1 }, differs: [unexpected('banana')] },
];

/** Every option that both forms have, and what goes through Additional Fields, with values that no server refuses alone. */
const ALL_OPTIONS: IDataObject = {
	maxOutputTokens: 300,
	temperature: 0.5,
	topP: 0.5,
	parallelToolCalls: true,
	stop: ['END'],
	user: 'customer-1234',
	metadata: { entry: [{ name: 'ticket', value: '4711' }] },
	additionalFields: {
		reasoning: { effort: 'none' },
		store: true,
		truncation: 'auto',
		include: ['reasoning.encrypted_content'],
		service_tier: 'auto',
		text: { format: { type: 'text' } },
		n: 1,
		top_k: 5,
		seed: 7,
	},
};

/** One request with every field. */
export const TOGETHER: Array<FieldCase & { title: string; form: IDataObject }> = [
	{
		title: 'all options together',
		form: { options: ALL_OPTIONS },
		differs: [unexpected('stop')],
	},
	{
		title: 'all fields of the form together',
		form: {
			inputType: 'messages',
			messages: {
				message: [
					{ type: 'message', role: 'system', content: 'Be kind.' },
					{ type: 'message', role: 'developer', content: 'Be brief.' },
					{
						type: 'message',
						role: 'user',
						contentType: 'parts',
						parts: { part: [{ partType: 'input_text', text: 'Weather?' }] },
					},
					{
						type: 'reasoning',
						reasoningText: ['A call.'],
						moreFields: { id: 'rs_1', summary: ['In short.'] },
					},
					{ type: 'function_call', callId: 'call_1', name: WEATHER, arguments: '{}' },
					{ type: 'function_call_output', callId: 'call_1', output: '21' },
					{ type: 'message', role: 'assistant', content: 'It is warm.' },
				],
			},
			instructions: 'Answer in English.',
			...FORM_TOOL,
			options: {
				...ALL_OPTIONS,
				maxTokens: 300,
				modalities: ['text'],
				toolChoice: { choice: { mode: 'auto' } },
				sendMessageType: true,
			},
		},
		sees: 'It is warm.',
		differs: [unexpected('stop')],
	},
];
