/** The requests of the check: as small as they can be and still show what they are for. */
import type { JsonObject } from './client';

/** Room for a reasoning model to think before it answers; most answers take a tenth of it. */
export const MAX_OUTPUT_TOKENS = 512;

/** What the calls allow that are to be cut. OpenAI refuses less than 16. */
export const SHORT_LIMIT = 16;

/** No model says it unless it is told to. */
export const WORD = 'PINEAPPLE';

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

const CAPITAL = 'What is the capital of France?';
const COUNT = 'Count from one to forty, in words.';
const COLOUR = 'Which colour is this picture? Answer with one word.';
const TWO_CITIES =
	'What is the weather in Paris and in Rome? Call the function for both cities at once.';

const user = (content: unknown): JsonObject => ({ role: 'user', content });

/**
 * Each role of the reference, with a word of its own that the answer names if it reached the model; sent
 * together, and each alone where that is refused.
 */
export const roles: Record<string, { word: string; messages: JsonObject[] }> = {
	system: {
		word: 'MANGO',
		messages: [{ role: 'system', content: 'You are brief. The word of the system is MANGO.' }],
	},
	developer: {
		word: 'PAPAYA',
		messages: [
			{ role: 'developer', content: 'Answer in English. The word of the developer is PAPAYA.' },
		],
	},
	assistant: {
		word: 'CHERRY',
		messages: [
			user('What is your word?'),
			{ role: 'assistant', content: 'The word of the assistant is CHERRY.' },
		],
	},
	tool: {
		word: 'LEMON',
		messages: [
			user('What is the word of the tool?'),
			{
				role: 'assistant',
				content: '',
				tool_calls: [
					{ id: 'call_1', type: 'function', function: { name: 'get_word', arguments: '{}' } },
				],
			},
			{ role: 'tool', tool_call_id: 'call_1', content: 'The word of the tool is LEMON.' },
		],
	},
	'user, content as parts': {
		word: 'GRAPE',
		messages: [user([{ type: 'input_text', text: 'The word of the user is GRAPE.' }])],
	},
};

/** A request with these messages, that asks for their words. */
export const rolesRequest = (...messages: JsonObject[]): JsonObject => ({
	input: [...messages, user('Which words were named above? List them all.')],
});

/** Optional fields of the reference; sent together, and each alone where that is refused. */
export const optionalFields: JsonObject = {
	temperature: 0.2,
	top_p: 0.9,
	stop: ['four', 'Four', 'FOUR'],
	metadata: { purpose: 'live check' },
	modalities: ['text'],
	user: 'live-check',
};

/** A request with these fields, whose answer is long enough for `stop` to end it. */
export const fieldsRequest = (fields: JsonObject): JsonObject => ({ ...fields, input: COUNT });

/** The eight calls of the check, in order. */
export const basicCalls = {
	plain: { input: 'Say hello.' },
	instructions: {
		instructions: `Answer every question with the one word ${WORD}.`,
		input: CAPITAL,
	},
	'messages with every role': rolesRequest(
		...Object.values(roles).flatMap(({ messages }) => messages),
	),
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

/** The same without what is asked about: where its answer is the same, the field has shown nothing. */
const controls = {
	'tools, no choice': { ...basicCalls['named tool choice'], tool_choice: undefined },
	count: { input: COUNT },
	'no instructions': { input: CAPITAL },
	'no image': { input: [user([{ type: 'input_text', text: COLOUR }])] },
} satisfies Record<string, JsonObject>;

/** One for each question that the eight leave open. */
export const furtherCalls = {
	...controls,
	'stream: false': { input: 'Say hello.', stream: false },
	'optional fields': fieldsRequest(optionalFields),
	'flat tool choice': {
		...basicCalls['named tool choice'],
		tool_choice: { type: 'function', name: 'get_time' },
	},
	'one tool call at a time': {
		...basicCalls['function tool'],
		parallel_tool_calls: false,
	},
	'function tool, streamed': { ...basicCalls['function tool'], stream: true },
	max_output_tokens: { input: COUNT, max_output_tokens: SHORT_LIMIT },
	max_tokens: { input: COUNT, max_tokens: SHORT_LIMIT },
	'reasoning effort': { input: 'Say hello.', reasoning: { effort: 'low' } },
	'JSON Schema': {
		input: CAPITAL,
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
				{ type: 'input_text', text: COLOUR },
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

/** What the weather tool told, in the requests that hold its output; an answer names 20, if it was read. */
const WEATHER = 'Sunny, 20 °C.';

/**
 * The request that goes on after the function tool's call: with its output as given, and an output for
 * each call, or another question where nothing was called.
 */
export function nextTurn(output: JsonObject[]): JsonObject {
	const outputs = output
		.filter(({ type }) => type === 'function_call')
		.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: WEATHER }));
	const question = outputs.length > 0 ? [] : [user('Say that again.')];
	return {
		input: [user(TWO_CITIES), ...output, ...outputs, ...question],
		tools: [weatherTool],
	};
}

/** The next turn after a call of ours, for where the model called nothing. */
export const turnAfterOurCall = nextTurn([
	{
		type: 'function_call',
		call_id: 'call_live_check',
		name: 'get_weather',
		arguments: '{"city":"Paris"}',
	},
]);

/**
 * Other forms of the same messages, in the order in which they are tried where the first is refused.
 * llama-server takes no message of the assistant without `type`; OpenAI's own form has parts.
 */
export const messageForms: Record<string, (message: JsonObject) => JsonObject> = {
	'with type: "message"': (message) => ({ type: 'message', ...message }),
	'with type: "message" and output_text parts': (message) => {
		const { role, content } = message;
		const isPlain = role === 'assistant' && typeof content === 'string' && content !== '';
		return {
			type: 'message',
			...message,
			...(isPlain && {
				id: 'msg_live_check',
				status: 'completed',
				content: [{ type: 'output_text', text: content, annotations: [] }],
			}),
		};
	},
	'without type': (message) =>
		Object.fromEntries(Object.entries(message).filter(([key]) => key !== 'type')),
};

/** The same request with its messages in another form; other input items stay as they are. */
export function inForm(form: (message: JsonObject) => JsonObject, body: JsonObject): JsonObject {
	const items = body.input as JsonObject[];
	return { ...body, input: items.map((item) => ('role' in item ? form(item) : item)) };
}
