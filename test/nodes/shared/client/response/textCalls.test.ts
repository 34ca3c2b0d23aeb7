import fc from 'fast-check';

import { findViolations } from '../../../../../nodes/shared/client';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import {
	CALL_LIMIT,
	OPENING_LIMIT,
	mayBecomeCall,
	readTextCalls,
} from '../../../../../nodes/shared/client/response/textCalls';
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
		['in those without an underscore', `<functioncall> ${CALL} </functioncall>`],
		['in those in the plural', `<function_calls>\n[${CALL}]\n</function_calls>`],
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
		[
			'of Llama, within another tag without line breaks',
			`<tool_call><function=get_weather>${ARGS}</function>\n  </tool_call>`,
		],
		['of Llama, with its other end', `<|python_tag|>\n${CALL} \n<|eot_id|>`],
		['of Granite', `<|tool_call|>[${CALL}]`],
		['of Granite, in the plural', `<|tool_calls|>[${CALL}]<|/tool_calls|>`],
		['of Granite, with its end', `<|tool_call|>\n${CALL}\n  <|/tool_call|>`],
		['of gpt-oss', `functions.get_weather ${ARGS}`],
		['of gpt-oss, in brackets', `functions.get_weather(${ARGS})`],
		['of gpt-oss, in brackets with blanks', `to=functions.get_weather ( ${ARGS} \n)`],
		['of gpt-oss, with its end further on', `functions.get_weather ${ARGS} \n<|call|>\n`],
		[
			'of gpt-oss, with its tokens',
			`<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>${ARGS}<|call|>`,
		],
		[
			'of gpt-oss, from its beginning',
			`<|start|>assistant<|channel|>commentary to=functions.get_weather<|channel|>json<|message|>${ARGS}`,
		],
		['of Kimi', `functions.get_weather:0${ARGS}`],
		['of Kimi, the twelfth', `functions.get_weather:11 ${ARGS}`],
		[
			'of Kimi, with its tokens',
			`<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>${ARGS}<|tool_call_end|><|tool_calls_section_end|>`,
		],
		[
			'of DeepSeek',
			`<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>${ARGS}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
		],
		[
			'of DeepSeek, as a block of code',
			`<｜tool▁calls▁begin｜>\n\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n\`\`\`json\n${ARGS}\n\`\`\`\n<｜tool▁call▁end｜>\n\n<｜tool▁calls▁end｜>`,
		],
	])('%s', (_how, text) => {
		expect(read(text)).toEqual({ calls: [oslo], rest: '' });
	});

	test('with quotes, braces and tags in its arguments', () => {
		const args = { text: 'a "b" } ] </tool_call> \\', list: [{ deep: [1, '{'] }] };
		const text = `<tool_call>${JSON.stringify({ name: 'get_time', arguments: args })}</tool_call>`;
		expect(read(text)).toEqual({ calls: [['get_time', args]], rest: '' });
	});

	test.each([
		['a quotation mark and a brace', { text: 'say "}' }],
		['a backslash at an end', { path: 'C:\\' }],
		['a brace in a key', { '}"{': 1 }],
	])('with %s in its arguments', (_what, args) => {
		const text = `<tool_call>${JSON.stringify({ name: 'get_time', arguments: args })}</tool_call>`;
		expect(read(text)).toEqual({ calls: [['get_time', args]], rest: '' });
	});

	test.each([
		['of gpt-oss', `functions.get_weather ${ARGS};\nfunctions.get_weather ${ARGS}`],
		['of gpt-oss, addressed', `to=functions.get_weather ${ARGS}, to=functions.get_weather ${ARGS}`],
		[
			'of DeepSeek',
			`<｜tool▁calls▁begin｜>${`<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>${ARGS}<｜tool▁call▁end｜>`.repeat(2)}<｜tool▁calls▁end｜>`,
		],
		['of Mistral', `[TOOL_CALLS]get_weather${ARGS}[TOOL_CALLS]get_weather${ARGS}`],
	])('with another one behind it, %s', (_how, text) => {
		expect(read(text)).toEqual({ calls: [oslo, oslo], rest: '' });
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
		['in tags without an underscore', '<functioncalls>get_weather()</functioncalls>'],
		['of Granite, cut', '<|tool_call|>[{"name": "get_we'],
		['of Granite in the plural, cut', '<|tool_calls|>[{"name": "get_we'],
		['of Mistral, with a list as arguments', `[TOOL_CALLS]get_weather[${ARGS}]`],
		['of Mistral, without any in its list', `[TOOL_CALLS] []\n<tool_call>${CALL}</tool_call>`],
		['of gpt-oss, cut', 'functions.get_weather {"ci'],
		['of gpt-oss in brackets, cut', 'to=functions.get_weather({"ci'],
		[
			'of gpt-oss, cut behind its tokens',
			'<|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"ci',
		],
		['of Kimi, cut', 'functions.get_weather:0{"ci'],
		[
			'of DeepSeek, cut',
			'<｜tool▁calls▁begin｜>\n\n<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"ci',
		],
		['of DeepSeek, cut, alone', '<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"ci'],
	])('%s', (_how, text) => {
		expect(read(text)).toEqual({ calls: [], rest: text, unread: text });
	});

	test('without the blanks around it', () => {
		const broken = '<tool_call>{"name": "get_weather", "arguments": {city: Oslo}}</tool_call>';
		const text = `\n  ${broken}\n\n`;
		expect(read(text)).toEqual({ calls: [], rest: text, unread: broken });
		const behind = `Let me look.\n${broken}\n\n`;
		expect(read(behind)).toEqual({ calls: [], rest: behind, unread: broken });
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
		['within a later line', `Well.\nThe call is <tool_call>${CALL}</tool_call>`],
		['an example in a longer text', `Like so:\n<tool_call>${CALL}</tool_call>\nThat is all.`],
		['one of Granite', `Like so:\n<|tool_call|>[${CALL}]<|/tool_call|>\nThat is all.`],
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

	test('A call of as many characters as that is read', () => {
		const call = (length: number) =>
			JSON.stringify({ name: 'get_time', arguments: { text: 'x'.repeat(length) } });
		const fill = CALL_LIMIT - call(0).length;
		expect(read(`<tool_call>${call(fill)}</tool_call>`).calls).toHaveLength(1);
		expect(read(`<tool_call>${call(fill + 1)}</tool_call>`).calls).toHaveLength(0);
	});

	test('Behind a text, a call is looked for in its last 20,000 characters', () => {
		const cut = (length: number) =>
			`<tool_call>{"name": "get_weather", "arguments": {"city": "${'x'.repeat(length)}`;
		const told = (length: number) => read(`${'Well. '.repeat(9)}\n${cut(length)}`);
		expect(told(19_000)).toMatchObject({ unread: cut(19_000) });
		expect(told(20_000).unread).toBeUndefined();
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

describe('A text that has just begun', () => {
	test.each([
		'',
		'<',
		'<tool',
		'<tool_call>',
		'<tool_calls>[',
		'<function_call>',
		'<function=get',
		'<|',
		'<|python_tag|>x',
		'[TOOL',
		'[TOOL_CALLS][{',
		'f',
		'functions.get_weather {',
		'to=',
		'to=functions.get_weather {',
		'<｜tool▁calls▁begin｜>',
	])('may become a call: %j', (begun) => {
		expect(mayBecomeCall(begun)).toBe(true);
	});

	test.each(['H', '<b', '<think>', '[1]', '{', 'fun fact', 'to be', 'x<tool_call>', 'l', '>', '.'])(
		'will not become one: %j',
		(begun) => {
			expect(mayBecomeCall(begun)).toBe(false);
		},
	);

	test('shows within 200 characters what it is', () => {
		const tokens = '<|'.padEnd(OPENING_LIMIT, 'x');
		expect(mayBecomeCall(tokens)).toBe(true);
		expect(mayBecomeCall(`${tokens}x`)).toBe(false);
		expect(mayBecomeCall('<tool_call>'.padEnd(OPENING_LIMIT + 1))).toBe(true);
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
		const cut = [{ ...choices[0], finish_reason: 'length' }];
		expect(readResponse({ choices: cut }, { tools }).finishReason).toBe('length');
	});

	test.each([
		undefined,
		null,
		'get_weather',
		{},
		[null, 7, { type: 'web_search', name: 'get_weather' }, { name: 'get_weather' }],
	])('to a request with the tools %j has no such call', (odd) => {
		const response = readResponse(textResponse(text), { tools: odd as never });
		expect(response.text).toBe(text);
	});
});
