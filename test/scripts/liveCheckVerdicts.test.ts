/** What the live check makes of servers and models that do not do as they are told. */
import { gzipSync } from 'node:zlib';
import type { IDataObject } from 'n8n-workflow';

import { eventStream, json, raw } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { GradientServer, startGradientServer } from '../support/gradientServer';
import { functionCall, message, reasoning, responseOf } from '../support/responses';
import { frame, typedEvents } from '../support/streams';
import { type Behaviour, gradientApi, refusalInOk } from './gradientApi';
import { SECRET, reportOf } from './runLiveCheck';

const NESTED = 'named tool_choice, nested {type, function: {name}}';
const FLAT = 'named tool_choice, flat {type, name}';
const SCHEMA = 'text.format with a JSON Schema';
const CONVERSATION = "conversation (the node's) as the next input";
const UNASKED = 'no stream unless it is asked for';

let server: GradientServer;
beforeAll(async () => {
	server = await startGradientServer();
});
beforeEach(() => {
	server.reset();
	server.requireKey(SECRET);
});
afterAll(async () => await server.close());

const report = async (...args: string[]) => await reportOf(args, { GRADIENT_BASE_URL: server.url });

interface Case extends Behaviour {
	/** The answers, by their questions. */
	found: Record<string, RegExp | string>;
}

const asks = (request: IDataObject, words: string) => JSON.stringify(request.input).includes(words);

/** The model says this where the request has the field or, in its input, the words; else the usual. */
const where = (what: string, said: IDataObject[] | string): Behaviour['says'] => {
	return (request) => (what in request || asks(request, what) ? said : undefined);
};

const inputItems = ({ input }: IDataObject) => (Array.isArray(input) ? input : []) as IDataObject[];

const isAssistant = (item: IDataObject) => item.role === 'assistant';

const counted = (output_tokens: number) => ({ input_tokens: 9, output_tokens, total_tokens: 99 });

const cases: Record<string, Case> = {
	// what a model decides
	'a model that does not follow its instructions': {
		says: where('instructions', 'Paris.'),
		found: {
			instructions: 'not followed: accepted, but not followed: the answer is "Paris."',
		},
	},
	'a model that follows them by half': {
		says: where('instructions', 'PINEAPPLE, or rather Paris.'),
		found: { instructions: /^not followed/ },
	},
	'a model that repeats what it was sent': {
		says: (request) => JSON.stringify(request),
		found: { instructions: /^not followed/, 'image as input_image': /^not shown/ },
	},
	'a model that only thinks of its instructions': {
		says: where('instructions', '<think>I must say PINEAPPLE.</think>\n\nParis.'),
		found: {
			instructions: 'not followed: accepted, but not followed: the answer is "Paris."',
			'what the model thinks': /^seen: in the text, between <think> tags/,
		},
	},
	'a model that never stops to think': {
		says: where('instructions', '<think>I must say PINEAPPLE'),
		found: {
			instructions: 'unclear: accepted, but the answer has no text, only what the model thinks',
		},
	},
	'a model whose thinking takes in all that it says': {
		tells: (response) => ({
			...response,
			output: (response.output ?? []).map((item) =>
				item.type === 'message' ? reasoning('I will say it.') : item,
			),
		}),
		says: where('Call the function', 'I like Paris.'),
		namedToolChoice: 'flat',
		ignored: ['tool_choice'],
		found: {
			'plain answer': 'seen: no text, only what the model thinks',
			'what the model thinks': 'seen: in items of its own',
			instructions: /^unclear: accepted, but the answer has no text, only what the model thinks$/,
			'function tool': /^unclear/,
			[FLAT]:
				/^no effect: .*nothing was called, the answer has no text, only what the model thinks$/,
			[SCHEMA]: /^unclear/,
			'image as input_image': /^unclear/,
			'stream: pieces of text': 'seen: none, the answer has no text',
		},
	},
	'a model that says the word whatever it is told': {
		says: () => 'PINEAPPLE',
		found: {
			instructions: /^accepted: accepted, but the answer is the same without it/,
			'file as input_file': /^accepted: .* the same without it/,
			'role system': 'accepted: accepted',
			'field stop': 'accepted: accepted: the response does not repeat stop',
		},
	},
	'a model that says red without a picture': {
		says: () => 'Red.',
		found: { 'image as input_image': /^accepted: .* the same without it/ },
	},
	'a model that sees no picture and no file': {
		says: (request) =>
			asks(request, 'input_image') || asks(request, 'input_file')
				? 'I cannot say whether it is red.'
				: undefined,
		found: {
			'image as input_image': /^not shown: .*does not show it: the answer is "I cannot say/,
			'file as input_file': /^not shown/,
		},
	},
	'a model that hears all roles but one': {
		says: where('Which words were named', 'MANGO, CHERRY, LEMON and GRAPE.'),
		found: {
			'role system': /^works.* names MANGO$/,
			'role developer': /^not shown.*names MANGO, CHERRY, LEMON, GRAPE and not PAPAYA$/,
			'role user, content as parts': /^works/,
		},
	},
	'a model that names all words, also those that it was not given': {
		says: where('Which words were named', 'MANGO, PAPAYA, CHERRY, LEMON and GRAPE.'),
		refusedValues: ['developer'],
		found: { 'role system': 'accepted: accepted', 'role developer': /^refused/ },
	},
	'a model that always names all words': {
		says: () => 'MANGO, PAPAYA, CHERRY, LEMON and GRAPE.',
		found: { 'role system': 'accepted: accepted' },
	},
	'a model that calls nothing': {
		says: (request) =>
			asks(request, 'Call the function') && !asks(request, 'function_call_output')
				? 'I like Paris.'
				: undefined,
		found: {
			'function tool': /^not followed: .*nothing was called, the answer is "I like Paris."/,
			'function tool, streamed': /^not followed/,
			'parallel_tool_calls: false': /^accepted: .*calls at once: 0, and 0 without/,
			'a call and its output as the next input': /^works/,
		},
	},
	'a call that the server leaves in the text': {
		says: where('Call the function', '<tool_call>{"name": "get_weather"}</tool_call>'),
		found: { 'function tool': /^no effect: .*the server left it in the text: "<tool_call>/ },
	},
	'a call with broken arguments': {
		says: where('Call the function', [functionCall('get_weather', '{city: Paris}')]),
		found: { 'function tool': /^not followed: .*get_weather, with the arguments "/ },
	},
	'a call without the argument that is required': {
		says: where('Call the function', [functionCall('get_weather', '{}')]),
		found: { 'function tool': /^not followed: .*get_weather, with the arguments \{\}$/ },
	},
	'a call of another function': {
		says: where('Call the function', [functionCall('get_time', '{}')]),
		found: { 'function tool': /^not followed: .*called get_time$/ },
	},
	'a model that always calls the function that the choice names': {
		says: (request) => (request.tools ? [functionCall('get_time', '{}')] : undefined),
		found: { [NESTED]: /^accepted: .* the same without it: called get_time/ },
	},
	'a forced call whose arguments are a text': {
		says: where('tool_choice', [functionCall('get_time', '"now"')]),
		found: { [NESTED]: /^works: .*called get_time, with the arguments/ },
	},
	'a model that calls once by itself': {
		says: where('Call the function', [functionCall('get_weather', '{"city":"Paris"}')]),
		found: { 'parallel_tool_calls: false': /^accepted: .*at once: 1, and 1 without/ },
	},
	'JSON in a frame': {
		says: where('text', '```json\n{"capital": "Paris"}\n```'),
		found: { [SCHEMA]: /^not followed: .*not of the schema$/ },
	},
	'JSON of another schema': {
		says: where('text', '{"capital": "Paris", "country": "France"}'),
		found: { [SCHEMA]: /^not followed/ },
	},
	'a model that always answers with JSON': {
		says: where('France', '{"capital": "Paris"}'),
		found: { [SCHEMA]: /^accepted: .* the same without it/ },
	},

	// fields that do nothing
	'fields that are taken and then do nothing': {
		ignored: ['tool_choice', 'text', 'parallel_tool_calls', 'max_tokens', 'stop', 'tools'],
		found: {
			[NESTED]: /^no effect: .*nothing was called, the answer is "Hello."/,
			[FLAT]: /^no effect/,
			[SCHEMA]: /^no effect: .*the answer is "Paris."$/,
			'field stop': /^no effect: .*the answer goes on/,
			max_tokens: /^no effect: .*16 were allowed; status completed, 40 output tokens$/,
			max_output_tokens: /^works/,
			'tool web_search': /^not shown: .*0 web_search_call items, 0 url_citation annotations$/,
		},
	},
	'two calls where one was allowed': {
		ignored: ['parallel_tool_calls'],
		found: { 'parallel_tool_calls: false': /^no effect: .*at once: 2, and 2 without/ },
	},
	'a search that failed': {
		says: (request) =>
			request.tools && !asks(request, 'Call')
				? [{ type: 'web_search_call', status: 'failed' }, message('I could not search.')]
				: undefined,
		found: { 'tool web_search': /^not shown: .*1 web_search_call items \(1 failed\)/ },
	},
	'a search that the client should run': {
		says: (request) =>
			JSON.stringify(request.tools ?? '').includes('web_search')
				? [functionCall('web_search', '{"query":"Node.js"}')]
				: undefined,
		found: { 'tool web_search': /^not shown: .*a call of web_search that the client should run$/ },
	},
	'a field that the response repeats with another value': {
		tells: (response) => ({
			...response,
			temperature: 1,
			top_p: 0.8999999761581421,
			metadata: null,
			reasoning: { effort: null, summary: null },
		}),
		found: {
			'field temperature': /^no effect: .*the response says temperature: 1$/,
			'field top_p': /^accepted: .*the response repeats top_p/,
			'field metadata': /^accepted: .*the response says metadata: null$/,
			'reasoning.effort': /^accepted: .*the response says reasoning: /,
		},
	},

	// limits
	'an answer that ends by itself, whatever is allowed': {
		says: where('to forty', 'One to forty.'),
		found: {
			max_tokens: /^unclear: accepted, but the answer ended by itself: .*3 output tokens$/,
			max_output_tokens: /^unclear: accepted, but the answer ended by itself/,
		},
	},
	'an answer that ends by itself with as many tokens as were allowed': {
		says: (request) => {
			if (!asks(request, 'to forty')) return undefined;
			const isShort = request.max_output_tokens !== 512;
			return `${isShort ? 'From' : 'Well'} one to forty is far too much for me, and so I say no more.`;
		},
		tells: (response) => ({ ...response, status: 'completed', usage: counted(16) }),
		found: { max_tokens: /^unclear: .*ended by itself: .*16 output tokens$/ },
	},
	'an answer that is always called incomplete': {
		says: where('to forty', 'One to forty.'),
		tells: (response) => ({
			...response,
			status: 'incomplete',
			incomplete_details: { reason: 'max_output_tokens' },
		}),
		found: { max_tokens: /^unclear: .*ended by itself/ },
	},
	'a cut that is not told': {
		saysCut: false,
		found: {
			max_tokens: /^works: .*status completed, 16 output tokens, and the answer does not say/,
		},
	},
	'a cut that is not told, without usage': {
		saysCut: false,
		tells: (response) => ({ ...response, usage: null }),
		found: { max_tokens: /^works: .*16 words, and the answer does not say that it was cut$/ },
	},
	'a cut that is told, without usage': {
		tells: (response) => ({ ...response, usage: null }),
		found: { max_tokens: /^works: .*status incomplete, 16 words$/ },
	},
	'no cut, and no usage': {
		ignored: ['max_tokens'],
		tells: (response) => ({ ...response, usage: null }),
		found: { max_tokens: /^no effect: .*40 words$/ },
	},
	'a whole answer that is counted as if it was cut': {
		ignored: ['max_tokens'],
		tells: (response) => ({ ...response, usage: counted(16) }),
		found: { max_tokens: /^no effect/ },
	},
	'a cut by another limit': {
		ignored: ['max_tokens', 'max_output_tokens'],
		tells: (response) => ({
			...response,
			status: 'incomplete',
			incomplete_details: { reason: 'max_output_tokens' },
			usage: counted(400),
		}),
		found: { max_tokens: /^no effect: .*status incomplete, 400 output tokens$/ },
	},
	'an answer that a filter ends': {
		ignored: ['max_tokens'],
		tells: (response, request) =>
			request.max_output_tokens === undefined
				? responseOf([message('One two')], {
						status: 'incomplete',
						incomplete_details: { reason: 'content_filter' },
						usage: counted(2),
					})
				: response,
		found: { max_tokens: /^unclear: .*ended by itself/ },
	},
	'thinking that uses up what is allowed, and is not told': {
		says: where('instructions', ''),
		tells: (response, request) =>
			request.instructions ? { ...response, usage: counted(512) } : response,
		found: {
			instructions:
				'unclear: accepted, but the answer was cut at 512 tokens: the answer has no text',
		},
	},

	// streams
	'a server that streams unless it is told not to': {
		streams: 'unless told not to',
		found: {
			[UNASKED]: /^no effect: a stream came unasked, in \d+ of \d+ answers$/,
			'stream: false': /^works/,
			'stream: true': /^works/,
			instructions: /^works/,
			[CONVERSATION]: /^works/,
		},
	},
	'a server that always streams, as something else': {
		streams: 'always',
		streamType: 'application/json',
		found: {
			[UNASKED]: /^no effect/,
			'stream: false': /^no effect: .*the answer came as a stream$/,
			'function tool': /^works/,
		},
	},
	'a server that never streams': {
		streams: 'never',
		found: {
			[UNASKED]: /^works/,
			'stream: true': /^no effect: .*came in one piece \(application\/json\)$/,
			'stream: dialect': /^seen: none/,
			stream_options: /^no effect: .*came in one piece$/,
		},
	},
	'a stream without usage': {
		tells: (response) => ({ ...response, usage: null }),
		found: { stream_options: /^no effect: .*no usage in the stream$/ },
	},

	// who may ask
	'a server that answers for a model that it does not have': {
		takesAnyModel: true,
		found: {
			'unknown model': /^accepted: answered all the same, as "no-such-model-live-check"/,
		},
	},
	'a server that answers with another model': {
		tells: (response) => ({ ...response, model: 'elsewhere@main' }),
		takesAnyModel: true,
		found: {
			'model that the answer names': 'seen: another: elsewhere@main',
			'unknown model': /^accepted: answered all the same, as "elsewhere@main"/,
		},
	},
	'a server as it should be': {
		found: {
			'unknown model': /^refused: refused, HTTP 404: The model/,
			'wrong key': 'refused: refused, HTTP 401: Unable to authenticate you.',
			'wrong key, list of models': 'refused: refused, HTTP 401: Unable to authenticate you.',
			'plain answer': 'works: "Hello."',
			'model that the answer names': 'seen: the one that was asked for',
			'list of models (GET /models)': 'works: 8 models, this one is among them',
			'stream: pieces of text': /^seen: \d+, together the text of the answer$/,
			'what the model thinks': 'seen: no answer holds any',
			'field stop': /^works: .*ends before four$/,
			max_output_tokens: /^works: .*status incomplete, 16 output tokens$/,
		},
	},

	// refusals
	"an assistant's message that must have its type": {
		refuses: (request) =>
			inputItems(request).some((item) => isAssistant(item) && !item.type)
				? "Cannot determine type of 'item'"
				: undefined,
		says: where('Call the function', [
			message('Let me look.'),
			functionCall('get_weather', '{"city":"Paris"}'),
		]),
		found: {
			'role assistant':
				/^only in another form: accepted only with type: "message"; without it HTTP 400: .*Cannot determine/,
			'role tool': /^only in another form: accepted only with type: "message"/,
			'role system': /^works/,
			[CONVERSATION]: /^accepted/,
		},
	},
	'arguments that must be JSON in a history': {
		refuses: (request) =>
			inputItems(request).some((item) => item.arguments === '') ? 'arguments' : undefined,
		says: where('Call the function', [functionCall('get_weather', '')]),
		found: {
			[CONVERSATION]: /^accepted/,
			'output items, as they came, as the next input': /^refused/,
		},
	},
	'messages that must all have their type': {
		refuses: (request) => (inputItems(request).some(({ type }) => !type) ? 'type' : undefined),
		found: {
			'role system': /^only in another form/,
			'role user, content as parts': /^only in another form/,
		},
	},
	"an assistant's message that must have parts": {
		refuses: (request) =>
			inputItems(request).some((item) => isAssistant(item) && !Array.isArray(item.content))
				? 'content'
				: undefined,
		found: {
			'role assistant': /accepted only with type: "message" and output_text parts; without it/,
			'role tool': /^refused: refused, with type: "message" as well, HTTP 400/,
		},
	},
	"an assistant's message that is refused in every form": {
		refusedValues: ['assistant'],
		found: {
			'role assistant':
				'refused: refused, with type: "message" as well, with type: "message" and output_text parts as well, HTTP 400: Unsupported: assistant',
		},
	},
	'a refusal that comes with HTTP 200': {
		refused: ['reasoning', 'modalities'],
		refusal: refusalInOk,
		found: {
			'reasoning.effort':
				'refused: refused, HTTP 200, but no usable response: Unsupported: reasoning',
			'field modalities': /^refused/,
			'field user': /^accepted/,
		},
	},
	'a refusal that comes in a stream': {
		refused: ['reasoning'],
		refusal: (what) =>
			eventStream([frame({ type: 'error', code: 'invalid_prompt', message: `No ${what}` })]),
		found: { 'reasoning.effort': /^refused: .*HTTP 200, .*No reasoning/ },
	},
	'a failure that comes with HTTP 200': {
		refused: ['reasoning'],
		refusal: () => ({ json: { error: { type: 'server_error', message: 'Engine is dead' } } }),
		found: { 'reasoning.effort': /^unclear: HTTP 200, .*Engine is dead/ },
	},
	'a refusal as an inner error': {
		refused: ['modalities', 'reasoning'],
		refusal: () => errorBodies.vllmServerError,
		found: {
			'field modalities': /^unclear: HTTP 500/,
			'field user': /^accepted/,
			'reasoning.effort': /^unclear: HTTP 500/,
		},
	},
	'a refusal whose words tell more than its status': {
		refusedValues: ['input_image'],
		refusal: () =>
			json({ error: { code: 500, message: 'image input is not supported' } }, { status: 500 }),
		found: { 'image as input_image': 'refused: refused, HTTP 500: image input is not supported' },
	},
	'fields of which each is taken, but not two at once': {
		refuses: (request) => ('temperature' in request && 'top_p' in request ? 'both' : undefined),
		found: {
			'field temperature': /^accepted/,
			'all these fields in one request':
				/^refused: refused, though each alone is accepted: HTTP 400/,
		},
	},
	'a size, a media type or a method that is not taken': {
		refused: ['reasoning'],
		refusal: (what) => raw(`No ${what}`, 'text/plain', { status: 501 }),
		found: { 'reasoning.effort': 'refused: refused, HTTP 501: No reasoning' },
	},
};

test.each(Object.entries(cases))('%s', async (_what, { found, ...behaviour }) => {
	server.answer(gradientApi(behaviour));
	const { finding, code } = await report();
	expect(code).toBe(0);
	const answers = Object.keys(found).map((question) => [question, finding(question)]);
	const expected = Object.entries(found).map(([question, answer]) => [
		question,
		typeof answer === 'string' ? answer : (expect.stringMatching(answer) as string),
	]);
	expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(expected));
});

describe('Keys', () => {
	test('a server that does not ask for one is said not to', async () => {
		server.requireKey(undefined);
		server.answer(gradientApi());
		const { finding } = await report();
		expect(finding('wrong key')).toBe('accepted: accepted: the server does not check the key');
		expect(finding('wrong key, list of models')).toMatch(/^accepted: .*succeeds with any$/);
	});

	test.each([
		[403, 'refused: refused, HTTP 403'],
		[400, 'refused: refused, HTTP 400'],
		[500, 'unclear: HTTP 500'],
		[429, 'unclear: HTTP 429'],
	])('HTTP %i for a wrong one counts as what it is', async (status, expected) => {
		server.requireKey(undefined);
		const api = gradientApi();
		server.answer((request, index) =>
			request.headers.authorization === `Bearer ${SECRET}`
				? api(request, index)
				: raw('No.', 'text/plain', { status, headers: { 'retry-after': '60' } }),
		);
		const { finding } = await report();
		expect(finding('wrong key')).toBe(`${expected}: No.`);
		expect(finding('wrong key, list of models')).toBe(`${expected}: No.`);
	});

	test('only the models may be free for all, as n8n then calls any key good', async () => {
		server.requireKey(undefined);
		const api = gradientApi();
		server.answer((request, index) => {
			const isFree = request.method === 'GET';
			const isMine = request.headers.authorization === `Bearer ${SECRET}`;
			return isFree || isMine ? api(request, index) : errorBodies.unauthorized;
		});
		const { finding } = await report();
		expect(finding('wrong key')).toMatch(/^refused/);
		expect(finding('wrong key, list of models')).toMatch(/^accepted/);
	});
});

describe('Answers that are none', () => {
	test('a web page with HTTP 200 decides nothing', async () => {
		server.answer(errorBodies.maintenance200);
		const { finding, code } = await report();
		expect(code).toBe(1);
		expect(finding('instructions')).toMatch(/^unclear: HTTP 200, but no usable response: not JSON/);
		expect(finding('wrong key')).toMatch(/^unclear/);
	});

	test('a server that refuses everything refuses no field, and is not asked in every form', async () => {
		server.answer(({ method }) => (method === 'POST' ? errorBodies.invalidBody : undefined));
		const { finding, calls, code } = await report();
		expect(code).toBe(1);
		expect(finding('role assistant')).toMatch(/^unclear: .*the plain call failed as well/);
		expect(finding('unknown model')).toMatch(/^unclear: .*the plain call failed as well/);
		expect(calls.filter(({ name }) => /: |, with/.test(name))).toMatchObject([
			{ name: 'stream: false' },
		]);
	});

	test('a stream that breaks off is read as the node reads it', async () => {
		const api = gradientApi();
		const events = typedEvents(responseOf([message('one two three')])).map(frame);
		server.answer((request, index) =>
			(request.body as IDataObject)?.stream
				? eventStream([...events.slice(0, 5), 'event: response.output_text.delta\ndata: {"ty'])
				: api(request, index),
		);
		const { finding } = await report();
		expect(finding('stream: true')).toBe(
			'unclear: HTTP 200, but no usable response: The stream broke off before the response was complete',
		);
		expect(finding('stream: dialect')).toMatch(/^seen: typed events/);
	});

	test('a stream whose pieces are another text than the whole is told', async () => {
		const api = gradientApi();
		server.answer((request, index) => {
			if (!(request.body as IDataObject)?.stream) return api(request, index);
			const [created, ...rest] = typedEvents(responseOf([message('one')]));
			const twice = rest.flatMap((event) =>
				event.type === 'response.output_text.delta'
					? [event, { ...event, sequence_number: 99 }]
					: [event],
			);
			return eventStream([created, ...twice].map(frame));
		});
		const { finding } = await report();
		expect(finding('stream: pieces of text')).toMatch(
			/^seen: 2, together "oneone", but the answer is "one"$/,
		);
	});

	test('an answer that was compressed unasked is read all the same', async () => {
		const api = gradientApi();
		server.answer(async (request, index) => {
			const answer = await api(request, index);
			if (!answer?.json) return answer;
			const headers = { 'content-encoding': 'gzip' };
			const { status } = answer;
			return raw(gzipSync(JSON.stringify(answer.json)), 'application/json', { status, headers });
		});
		const { finding, code } = await report();
		expect(code).toBe(0);
		expect(finding('instructions')).toMatch(/^works/);
	});
});
