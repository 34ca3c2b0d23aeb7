import type { Message } from '@n8n/ai-node-sdk';

import { toInput } from '../../../nodes/LmChatGradient/input';
import { findViolations } from '../../../nodes/shared/client';

function inputOf(...messages: Message[]) {
	const problems: string[] = [];
	const input = toInput(messages, (problem) => problems.push(problem));
	expect(findViolations({ model: 'm', input })).toEqual([]);
	return { input, problems };
}

const user = (...content: Message['content']): Message => ({ role: 'user', content });
const assistant = (...content: Message['content']): Message => ({ role: 'assistant', content });
const text = (value: string) => ({ type: 'text', text: value }) as const;
const call = (toolCallId: string, input = '{}') =>
	({ type: 'tool-call', toolCallId, toolName: 'get_weather', input }) as const;
const result = (toolCallId: string, value: unknown): Message => ({
	role: 'tool',
	content: [{ type: 'tool-result', toolCallId, result: value }],
});

test('A conversation with a tool becomes messages, calls and outputs, in its order', () => {
	const { input, problems } = inputOf(
		{ role: 'system', content: [text('Be brief.')] },
		user(text('Rain in Paris?')),
		assistant(text('Let me look.'), call('call_1', '{"city":"Paris"}')),
		result('call_1', 'sunny'),
		assistant(text('No rain.')),
	);
	expect(problems).toEqual([]);
	expect(input).toEqual([
		{ role: 'system', content: 'Be brief.' },
		{ role: 'user', content: 'Rain in Paris?' },
		{ role: 'assistant', content: 'Let me look.' },
		{
			type: 'function_call',
			call_id: 'call_1',
			name: 'get_weather',
			arguments: '{"city":"Paris"}',
		},
		{ type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
		{ role: 'assistant', content: 'No rain.' },
	]);
});

test('The parts of an answer become one text; several parts of a user stay apart', () => {
	const { input } = inputOf(user(text('One'), text('Two')), assistant(text('Th'), text('ree')));
	expect(input).toEqual([
		{
			role: 'user',
			content: [
				{ type: 'input_text', text: 'One' },
				{ type: 'input_text', text: 'Two' },
			],
		},
		{ role: 'assistant', content: 'Three' },
	]);
});

test('An answer that says nothing is left out', () => {
	expect(inputOf(user(text('Hi')), assistant()).input).toHaveLength(1);
	expect(inputOf(user(text('Hi')), assistant(text(''))).input).toHaveLength(1);
});

describe('Reasoning', () => {
	const item = {
		type: 'reasoning',
		id: 'rs_7',
		encrypted_content: 'gAAAA',
		summary: [{ type: 'summary_text', text: 'Short' }],
	};

	test('that the API sent goes back as it came', () => {
		const thought = { type: 'reasoning', text: 'Short', providerMetadata: { item } } as const;
		expect(inputOf(user(text('Hi')), assistant(thought)).input[1]).toEqual(item);
	});

	test('of which only the text is known goes back with that', () => {
		const { input } = inputOf(user(text('Hi')), assistant({ type: 'reasoning', text: 'Hm' }));
		expect(input[1]).toEqual({
			type: 'reasoning',
			content: [{ type: 'reasoning_text', text: 'Hm' }],
		});
	});

	test('that is repeated before each of several calls is sent once', () => {
		const thought = { type: 'reasoning', text: 'Hm' } as const;
		const { input } = inputOf(
			user(text('Hi')),
			assistant(thought, call('call_1')),
			result('call_1', 'a'),
			assistant(thought, call('call_2')),
			result('call_2', 'b'),
			user(text('Again')),
			assistant(thought, call('call_3')),
			result('call_3', 'c'),
		);
		const types = input.map((one) => one.type ?? 'message');
		expect(types.filter((type) => type === 'reasoning')).toHaveLength(2);
		expect(types.indexOf('reasoning')).toBe(1);
		expect(types.lastIndexOf('reasoning')).toBe(7);
	});

	test('without anything in it is not sent', () => {
		expect(
			inputOf(user(text('Hi')), assistant({ type: 'reasoning', text: '' })).input,
		).toHaveLength(1);
	});
});

describe('The result of a tool', () => {
	test.each([
		['text', 'sunny', 'sunny'],
		['an object', { sun: true }, '{"sun":true}'],
		['nothing', undefined, 'The tool ran and returned nothing'],
		['parts of text', [text('sun'), text('ny')], 'sunny'],
		['other parts', [{ type: 'place', city: 'Paris' }], '[{"type":"place","city":"Paris"}]'],
	])('%s is sent as text', (_name, value, output) => {
		const { input } = inputOf(user(text('Hi')), assistant(call('call_1')), result('call_1', value));
		expect(input[2]).toEqual({ type: 'function_call_output', call_id: 'call_1', output });
	});
});

test('A result that is one long word takes no time', () => {
	const started = performance.now();
	inputOf(user(text('Hi')), assistant(call('call_1')), result('call_1', 'a'.repeat(1_000_000)));
	expect(performance.now() - started).toBeLessThan(5_000);
});

describe('An image', () => {
	const image = (file: object) =>
		inputOf(
			user(text('What is this?'), { type: 'file', mediaType: 'image/png', ...file } as never),
		);

	test.each([
		['base64', { data: 'QUJD' }, 'data:image/png;base64,QUJD'],
		['bytes', { data: Buffer.from('ABC') }, 'data:image/png;base64,QUJD'],
		['a data URL', { data: 'data:image/jpeg;base64,QUJD' }, 'data:image/jpeg;base64,QUJD'],
		[
			'an address',
			{ providerMetadata: { url: 'https://example.com/a.png' } },
			'https://example.com/a.png',
		],
	])('as %s is sent as the API knows it', (_name, file, image_url) => {
		expect(image(file).input).toEqual([
			{
				role: 'user',
				content: [
					{ type: 'input_text', text: 'What is this?' },
					{ type: 'input_image', image_url },
				],
			},
		]);
	});

	test('keeps its detail', () => {
		const { input } = image({ data: 'QUJD', providerMetadata: { detail: 'high' } });
		expect(input[0]).toMatchObject({ content: [{}, { detail: 'high' }] });
	});

	test('with nothing in it is reported', () => {
		expect(image({}).problems).toEqual([
			'Message 1 has an image without data and without an address',
		]);
	});
});

test('An image in the words of the API has its address as text', () => {
	const value = { type: 'input_image', image_url: { url: 'https://example.com/a.png' } };
	expect(inputOf(user({ type: 'provider', value })).input).toEqual([
		{
			role: 'user',
			content: [{ type: 'input_image', image_url: 'https://example.com/a.png' }],
		},
	]);
});

test('A part in the words of the API passes as it is', () => {
	const value = { type: 'input_file', file_id: 'file_1' };
	const { input } = inputOf(user({ type: 'provider', value }));
	expect(input).toEqual([{ role: 'user', content: [value] }]);
});

test.each([
	[
		'a PDF with a name',
		user({
			type: 'file',
			mediaType: 'application/pdf',
			data: 'QQ==',
			providerMetadata: { filename: 'report.pdf' },
		}),
		"Message 1 has the file 'report.pdf' of the type 'application/pdf', but the API takes text and images only",
	],
	[
		'an image in the words of the API, without an address',
		user({ type: 'provider', value: { type: 'input_image' } }),
		'Message 1 has an image without data and without an address',
	],
	[
		'an image on a disk',
		user({ type: 'provider', value: { type: 'input_image', image_url: 'file:///etc/a.png' } }),
		"Message 1 has an image with the address 'file:///etc/a.png', but the API takes http, https and data:image only",
	],
	[
		'a PDF',
		user(text('Read'), { type: 'file', mediaType: 'application/pdf', data: 'QQ==' }),
		"Message 1 has a file of the type 'application/pdf', but the API takes text and images only",
	],
	[
		'a part of another API',
		user(text('Hi'), { type: 'provider', value: { type: 'search_result' } }),
		"Message 1 has a part of the type 'search_result', which the API does not take",
	],
	[
		'a thought of the user',
		user(text('Hi'), { type: 'reasoning', text: 'Hm' }),
		"Message 1 has a part of the type 'reasoning', which the API does not take",
	],
	[
		'an image by the model',
		assistant(text('Hi'), { type: 'file', mediaType: 'image/png', data: 'QQ==' }),
		"Message 1 is by the model and has a file of the type 'image/png', which the API does not take back",
	],
	[
		'a tool result that is none',
		{ role: 'tool', content: [text('Hi')] } as Message,
		"Message 1 is the result of a tool, and has a part of the type 'text' in its place",
	],
])('%s is reported', (_name, message, problem) => {
	const problems: string[] = [];
	toInput([message], (one) => problems.push(one));
	expect(problems).toEqual([problem]);
});

test('A call whose arguments could not be read goes back as it came', () => {
	const broken = {
		type: 'invalid-tool-call',
		toolCallId: 'call_1',
		name: 'get_weather',
		args: '{"city":',
	} as const;
	expect(inputOf(user(text('Hi')), assistant(broken)).input[1]).toEqual({
		type: 'function_call',
		call_id: 'call_1',
		name: 'get_weather',
		arguments: '{"city":',
	});
});

test('Where a text comes from is left out, since the text itself says what it says', () => {
	const source = { type: 'citation', url: 'https://example.com', text: 'Hi' } as const;
	const { input, problems } = inputOf(user(text('Hi')), assistant(text('Hello'), source));
	expect([input[1], problems]).toEqual([{ role: 'assistant', content: 'Hello' }, []]);
});
