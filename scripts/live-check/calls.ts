/** The requests of the check: as small as they can be and still show what they are for. */
import type { JsonObject } from '../../nodes/shared/client/json';

/** Room for a reasoning model to think before it answers; most answers take a tenth of it. */
export const MAX_OUTPUT_TOKENS = 512;

const WORD = 'PINEAPPLE';

/** 32 × 32 pixels of pure red. */
const RED_PNG =
	'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJ0lEQVR42u3NsQkAAAjAsP7/tF7hIASyp6lTCQQCgUAgEAgEgi/BAjLD/C5w/SM9AAAAAElFTkSuQmCC';

const weatherTool = {
	type: 'function',
	name: 'get_weather',
	description: 'Tells the weather of a city',
	parameters: {
		type: 'object',
		properties: { city: { type: 'string' } },
		required: ['city'],
	},
};

const timeTool = {
	type: 'function',
	name: 'get_time',
	description: 'Tells the time',
	parameters: { type: 'object', properties: {} },
};

const TWO_CITIES =
	'What is the weather in Paris and in Rome? Call the function for both cities at once.';

const user = (content: unknown): JsonObject => ({ role: 'user', content });

/** Each role of the reference; sent together, and each alone where that is refused. */
export const roleMessages: Record<string, JsonObject[]> = {
	system: [{ role: 'system', content: 'You are brief.' }],
	developer: [{ role: 'developer', content: 'Answer in English.' }],
	assistant: [user('Hello.'), { role: 'assistant', content: 'Hello. How can I help?' }],
	tool: [
		user('What time is it?'),
		{
			role: 'assistant',
			content: '',
			tool_calls: [
				{ id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{}' } },
			],
		},
		{ role: 'tool', tool_call_id: 'call_1', content: 'Noon.' },
	],
	'user, content as parts': [
		user([{ type: 'input_text', text: 'The next question is the last one.' }]),
	],
};

/** Optional fields of the reference; sent together, and each alone where that is refused. */
export const optionalFields: JsonObject = {
	temperature: 0.2,
	top_p: 0.9,
	stop: ['###'],
	metadata: { purpose: 'live check' },
	modalities: ['text'],
	user: 'live-check',
};

/** The eight calls of the check, in order. */
export const basicCalls = {
	plain: { input: 'Say hello.' },
	instructions: {
		instructions: `Answer every question with the one word ${WORD}.`,
		input: 'What is the capital of France?',
	},
	'messages with every role': {
		input: [...Object.values(roleMessages).flat(), user('Say hello.')],
	},
	stream: {
		input: 'Count from one to ten, in words.',
		stream: true,
		stream_options: { include_usage: true },
	},
	'function tool': { input: TWO_CITIES, tools: [weatherTool] },
	'named tool choice': {
		input: 'Say hello.',
		tools: [weatherTool, timeTool],
		tool_choice: { type: 'function', function: { name: 'get_time' } },
	},
	'web search': {
		input: 'Search the web: what is the newest release of Node.js? Answer in one sentence.',
		tools: [{ type: 'web_search' }],
	},
	'wrong model': { model: 'no-such-model-live-check', input: 'Say hello.' },
} satisfies Record<string, JsonObject>;

/** One for each question that the eight leave open. */
export const furtherCalls = {
	'optional fields': { ...optionalFields, input: 'Say hello.' },
	'flat tool choice': {
		...basicCalls['named tool choice'],
		tool_choice: { type: 'function', name: 'get_time' },
	},
	'one tool call at a time': {
		...basicCalls['function tool'],
		parallel_tool_calls: false,
	},
	max_tokens: { input: 'Count from one to forty, in words.', max_tokens: 16 },
	'reasoning effort': { input: 'Say hello.', reasoning: { effort: 'low' } },
	'JSON Schema': {
		input: 'What is the capital of France?',
		text: {
			format: {
				type: 'json_schema',
				name: 'answer',
				strict: true,
				schema: {
					type: 'object',
					properties: { capital: { type: 'string' } },
					required: ['capital'],
					additionalProperties: false,
				},
			},
		},
	},
	'web search 2025-08-26': {
		...basicCalls['web search'],
		tools: [{ type: 'web_search_2025_08_26' }],
	},
	image: {
		input: [
			user([
				{ type: 'input_text', text: 'Which colour is this picture? Answer with one word.' },
				{ type: 'input_image', image_url: `data:image/png;base64,${RED_PNG}` },
			]),
		],
	},
	file: {
		input: [
			user([
				{ type: 'input_text', text: 'Which word does the file hold?' },
				{
					type: 'input_file',
					filename: 'note.txt',
					file_data: `data:text/plain;base64,${Buffer.from(WORD).toString('base64')}`,
				},
			]),
		],
	},
} satisfies Record<string, JsonObject>;

export const saysWord = (text: string) => text.toUpperCase().includes(WORD);

/**
 * The request that goes on after the function tool's call: with its output as given, and an output for
 * each call, or another question where nothing was called.
 */
export function nextTurn(output: JsonObject[]): JsonObject {
	const outputs = output
		.filter(({ type }) => type === 'function_call')
		.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'Sunny, 20 °C.' }));
	const question = outputs.length > 0 ? [] : [user('Say that again.')];
	return {
		input: [user(TWO_CITIES), ...output, ...outputs, ...question],
		tools: [weatherTool],
	};
}
