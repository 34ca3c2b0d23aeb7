import fc from 'fast-check';

import { findViolations } from '../../../../../nodes/shared/client';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { CALL_LIMIT, readTextCalls } from '../../../../../nodes/shared/client/response/textCalls';
import { functionCall, message, responseOf, textResponse } from '../../../../support/responses';

const OFFERED = ['get_weather', 'get_time'];
const CALL = '{"name": "get_weather", "arguments": {"city": "Oslo"}}';
const ARGS = '{"city": "Oslo"}';

const read = (text: string, offered = OFFERED) => {
	const { calls, ...rest } = readTextCalls(text, offered);
	return {
		calls: calls.map(({ name, arguments: args }) => [name, JSON.parse(args) as unknown]),
		...rest,
	};
};

const oslo = ['get_weather', { city: 'Oslo' }];

describe('A call that came as text is read', () => {
	test.each([
		['in tags', `<tool_call>${CALL}</tool_call>`],
		['on lines of its own', `\n\n<tool_call>\n${CALL}\n</tool_call>\n`],
		['in the plural, as a list', `<tool_calls>[${CALL}]</tool_calls>`],
		['in tags of another name', `<function_call>${CALL}</function_call>`],
		['with parameters', `<tool_call>{"name": "get_weather", "parameters": ${ARGS}}</tool_call>`],
		[
			'with its arguments as text',
			`<tool_call>${JSON.stringify({ name: 'get_weather', arguments: ARGS })}</tool_call>`,
		],
		[
			'with the prefix of its name',
			`<tool_call>{"name": "functions.get_weather", "arguments": ${ARGS}}</tool_call>`,
		],
		['of Mistral', `[TOOL_CALLS] [${CALL}]`],
		['of Mistral, alone', `[TOOL_CALLS]${CALL}</s>`],
		['of Mistral, newer', `[TOOL_CALLS]get_weather${ARGS}`],
		['of Mistral, with all its tokens', `[TOOL_CALLS]get_weather[CALL_ID]a1b2c3d4e[ARGS]${ARGS}`],
		['of Llama', `<|python_tag|>${CALL}`],
		['of Llama, with its end', `<|python_tag|>${CALL}<|eom_id|>`],
		['of Llama, a function of the user', `<function=get_weather>${ARGS}</function>`],
		[
			'of Llama, within another tag',
			`<tool_call>\n<function=get_weather>\n${ARGS}\n</function>\n</tool_call>`,
		],
		['of Granite', `<|tool_call|>[${CALL}]`],
		['of gpt-oss', `functions.get_weather ${ARGS}`],
		['of gpt-oss, in brackets', `functions.get_weather(${ARGS})`],
		[
			'of gpt-oss, with its tokens',
			`<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>${ARGS}<|call|>`,
		],
		[
			'of gpt-oss, from its beginning',
			`<|start|>assistant<|channel|>commentary to=functions.get_weather<|channel|>json<|message|>${ARGS}`,
		],
		['of Kimi', `functions.get_weather:0${ARGS}`],
		[
			'of Kimi, with its tokens',
			`<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>${ARGS}<|tool_call_end|><|tool_calls_section_end|>`,
		],
		[
			'of DeepSeek',
			`<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>${ARGS}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
		],
	])('%s', (_how, text) => {
		expect(read(text)).toEqual({ calls: [oslo], rest: '' });
	});

	test('with quotes, braces and tags in its arguments', () => {
		const args = { text: 'a "b" } ] </tool_call> \\', list: [{ deep: [1, '{'] }] };
		const text = `<tool_call>${JSON.stringify({ name: 'get_time', arguments: args })}</tool_call>`;
		expect(read(text)).toEqual({ calls: [['get_time', args]], rest: '' });
	});

	test('without arguments as one with none', () => {
		expect(read('<tool_call>{"name": "get_time"}</tool_call>').calls).toEqual([['get_time', {}]]);
	});

	test('with all others behind it, and what comes then stays text', () => {
		const time = '<tool_call>{"name": "get_time", "arguments": {}}</tool_call>';
		const text = `<tool_call>${CALL}</tool_call>\n${time};${time}\n\nI asked.`;
		expect(read(text)).toEqual({
			calls: [oslo, ['get_time', {}], ['get_time', {}]],
			rest: 'I asked.',
		});
	});

	test('though the next one is cut', () => {
		const cut = '<tool_call>{"name": "get_ti';
		expect(read(`<tool_call>${CALL}</tool_call>\n${cut}`)).toEqual({ calls: [oslo], rest: cut });
	});
});

describe('A call that came as text is none, but told', () => {
	test.each([
		['without its end', `<tool_call>${CALL}`],
		['cut in its arguments', '<tool_call>{"name": "get_weather", "arguments": {"ci'],
		['cut in its name', '<tool_call>{"name": "get_we'],
		[
			'with broken JSON',
			'<tool_call>{"name": "get_weather", "arguments": {city: Oslo}}</tool_call>',
		],
		['with a list as arguments', '<tool_call>{"name": "get_weather", "arguments": []}</tool_call>'],
		[
			'with a text as arguments',
			'<tool_call>{"name": "get_weather", "arguments": "x"}</tool_call>',
		],
		['of a tool that was not offered', '<tool_call>{"name": "rm", "arguments": {}}</tool_call>'],
		['without a name', '<tool_call>{"arguments": {}}</tool_call>'],
		['in a list with another', `[TOOL_CALLS] [${CALL}, {"name": "rm", "arguments": {}}]`],
		['in Python', '<|python_tag|>get_weather.call(city="Oslo")'],
		[
			'of Qwen3-Coder',
			'<tool_call>\n<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n</function>\n</tool_call>',
		],
		[
			'of GLM',
			'<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Oslo</arg_value>\n</tool_call>',
		],
		[
			'of MiniMax',
			'<minimax:tool_call>\n<invoke name="get_weather">\n</invoke>\n</minimax:tool_call>',
		],
	])('%s', (_how, text) => {
		expect(read(text)).toEqual({ calls: [], rest: text, unread: text });
	});

	test.each([
		['whole', `<tool_call>${CALL}</tool_call>`],
		['cut', '<tool_call>\n{"name": "get_weather", "argu'],
		['cut before its name', '<tool_call>\n{"na'],
	])('behind a sentence, on a line of its own, %s', (_how, markup) => {
		const text = `Let me look that up.\n${markup}`;
		expect(read(text)).toEqual({ calls: [], rest: text, unread: markup });
	});
});

describe('It is text, and nothing is told, where it is', () => {
	test.each([
		['within a line', `The call is <tool_call>${CALL}</tool_call>`],
		['an example in a longer text', `Like so:\n<tool_call>${CALL}</tool_call>\nThat is all.`],
		[
			'an example of another tool',
			'Like so:\n<tool_call>{"name": "other_tool_of_this_sort", "arguments": {"x": 1}}</tool_call>',
		],
		['a sentence about a function', 'functions.get_weather is what you need.'],
		['JSON', CALL],
		['a tag of another kind', '<b>Hi</b>'],
	])('%s', (_what, text) => {
		expect(read(text)).toEqual({ calls: [], rest: text });
	});

	test('a call, but no tool was offered', () => {
		const text = `<tool_call>${CALL}</tool_call>`;
		expect(read(text, [])).toEqual({ calls: [], rest: text });
	});

	test('a call with the arguments in a sentence behind it', () => {
		const text = `functions.get_weather ${ARGS} is how it is called.`;
		expect(read(text).calls).toEqual([]);
	});
});

describe('Bounds', () => {
	test('A call of more characters than any model writes is not read', () => {
		const args = { text: 'x'.repeat(CALL_LIMIT) };
		const text = `<tool_call>${JSON.stringify({ name: 'get_time', arguments: args })}</tool_call>`;
		expect(read(text).calls).toEqual([]);
	});

	test('More calls than 64 are not read', () => {
		const { calls, rest } = read(`<tool_call>${CALL}</tool_call>`.repeat(70));
		expect(calls).toHaveLength(64);
		expect(rest.startsWith('<tool_call>')).toBe(true);
	});

	test('Nothing is thrown, whatever the text', () => {
		const piece = fc.constantFrom(
			...[
				'<tool_call>',
				'</tool_call>',
				'[TOOL_CALLS]',
				'<|python_tag|>',
				'<function=',
				'>',
				'{',
				'}',
			],
			...[
				'functions.',
				'get_weather',
				'"name"',
				':',
				'"',
				'\\',
				'[',
				']',
				',',
				'\n',
				' ',
				'<|',
				'|>',
			],
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
				const text = pieces.join('');
				const { calls, rest } = read(text);
				expect(text.endsWith(rest)).toBe(true);
				if (calls.length === 0) expect(rest).toBe(text);
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('A response', () => {
	const tools = OFFERED.map((name) => ({ type: 'function' as const, name }));
	const text = `<tool_call>${CALL}</tool_call>`;

	test('has the call in place of its text, and can be continued', () => {
		const response = readResponse(textResponse(text), { tools });
		expect(response).toMatchObject({
			text: '',
			finishReason: 'tool_calls',
			callsOfText: 1,
			toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }],
		});
		const [call, ...others] = response.outputAsInput;
		expect(others).toEqual([]);
		expect(call).toMatchObject({ type: 'function_call', name: 'get_weather' });
		expect(call.call_id).toBe(response.toolCalls[0].call_id);
		const input = [{ role: 'user', content: 'Hi' }, call];
		expect(findViolations({ model: 'm', input })).toEqual([]);
	});

	test('has the text behind it before it, where a conversation can have it', () => {
		const { outputAsInput, text: rest } = readResponse(textResponse(`${text}\nI asked.`), {
			tools,
		});
		expect(rest).toBe('I asked.');
		expect(outputAsInput.map(({ type, content }) => content ?? type)).toEqual([
			'I asked.',
			'function_call',
		]);
	});

	test('has it behind thoughts in tags too', () => {
		const response = readResponse(textResponse(`<think>Hm.</think>\n${text}`), { tools });
		expect(response).toMatchObject({ reasoning: 'Hm.', text: '', callsOfText: 1 });
	});

	test('says what cannot be read, and keeps it as its text', () => {
		const broken = '<tool_call>{"name": "get_weather", "arguments": {city: Oslo}}</tool_call>';
		const response = readResponse(textResponse(broken), { tools });
		expect(response).toMatchObject({ text: broken, callAsText: broken, finishReason: 'stop' });
		expect(response.toolCalls).toEqual([]);
	});

	test('with a call of the usual kind has its text as it is', () => {
		const body = responseOf([message(text), functionCall('get_time', '{}')]);
		const response = readResponse(body, { tools });
		expect(response.text).toBe(text);
		expect(response.toolCalls.map(({ name }) => name)).toEqual(['get_time']);
		expect(response.callsOfText).toBeUndefined();
	});

	test('of chat completions that says stop has ended for the call', () => {
		const choices = [{ finish_reason: 'stop', message: { content: text } }];
		expect(readResponse({ choices }, { tools }).finishReason).toBe('tool_calls');
	});

	test.each([undefined, null, 'get_weather', {}, [null, 7, { type: 'web_search' }, { name: 'x' }]])(
		'to a request with the tools %j has no such call',
		(odd) => {
			const response = readResponse(textResponse(text), { tools: odd as never });
			expect(response.text).toBe(text);
		},
	);
});
