import { toToolOutput } from '../../../../../nodes/shared/client/response/toolOutput';

const bytes = (size: number, ...beginning: number[]) =>
	Buffer.concat([Buffer.from(beginning), Buffer.alloc(size, 7)]);
const PNG = bytes(300_000, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a).toString('base64');
const JPEG = bytes(50_000, 0xff, 0xd8, 0xff).toString('base64');
const OTHER = bytes(5_000).toString('base64');
const IMAGE = { type: 'image', data: PNG, mimeType: 'image/png' };
const WORDS = '[image/png, 300 kB, left out]';
const PICTURE = { type: 'input_image', image_url: `data:image/png;base64,${PNG}` };

const outputOf = (value: unknown) => {
	const { output, pictures } = toToolOutput(value);
	expect(/[A-Za-z0-9+/]{200}/.test(output)).toBe(false);
	return { output, pictures };
};

test.each([
	['of an MCP server', IMAGE],
	['of LangChain', { type: 'image', source_type: 'base64', mime_type: 'image/png', data: PNG }],
	['of the SDK', { type: 'file', mediaType: 'image/png', data: PNG }],
	[
		'of Anthropic',
		{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
	],
	['without its type', { type: 'image', data: PNG }],
	['as base64 alone', PNG],
])('A picture %s is left out, in words, and kept apart', (_name, value) => {
	expect(outputOf(value)).toEqual({ output: expect.stringContaining(WORDS), pictures: [PICTURE] });
});

test.each([
	[
		'of chat completions',
		{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
	],
	['of the API', { type: 'input_image', image_url: `data:image/png;base64,${PNG}` }],
	['of Markdown', `See ![a picture](data:image/png;base64,${PNG}) here`],
	['with parameters', `data:image/png;name=a.png;base64,${PNG}`],
])('A picture in a data URL %s is left out', (_name, value) => {
	const { output, pictures } = outputOf(value);
	expect(output).toContain(WORDS);
	expect(pictures).toHaveLength(1);
});

test.each([
	['in a list', [{ type: 'text', text: 'Here' }, IMAGE]],
	['in a result', { content: [{ type: 'text', text: 'Here' }, IMAGE] }],
	['as JSON', JSON.stringify({ text: 'Here', content: [IMAGE] })],
	[
		'as JSON in JSON, as n8n’s agent tells it',
		JSON.stringify([{ response: JSON.stringify(['Here', IMAGE]) }]),
	],
	['deep', { a: { b: [{ c: { text: 'Here', d: [IMAGE] } }] } }],
])('It is found %s, and what stands beside it stays', (_place, value) => {
	const { output, pictures } = outputOf(value);
	expect(output).toContain(WORDS);
	expect(output).toContain('Here');
	expect(pictures).toEqual([PICTURE]);
});

test('Several pictures are all found, in their order', () => {
	const jpeg = { type: 'image', data: JPEG, mimeType: 'image/jpeg' };
	const { output, pictures } = outputOf({ content: [IMAGE, jpeg] });
	expect(JSON.parse(output)).toEqual({ content: [WORDS, '[image/jpeg, 50 kB, left out]'] });
	expect(pictures.map(({ image_url: url }) => url.slice(0, 15))).toEqual([
		'data:image/png;',
		'data:image/jpeg',
	]);
});

test('Pictures that are sent beside the text are numbered, and not said to be left out', () => {
	const { output, notes, pictures } = toToolOutput({ a: IMAGE, b: { ...IMAGE } }, true);
	expect(JSON.parse(output)).toEqual({
		a: '[image/png, 300 kB, picture 1 below]',
		b: '[image/png, 300 kB, picture 2 below]',
	});
	expect([notes, pictures]).toEqual([[], [PICTURE, PICTURE]]);
});

test.each([
	['a sound', { type: 'audio', data: OTHER, mimeType: 'audio/wav' }, '[audio/wav, 5 kB, left out]'],
	['a sound without its type', { type: 'audio', data: OTHER }, '[a file, 5 kB, left out]'],
	['bytes', bytes(300), '[a file, 300 bytes, left out]'],
])('%s is left out, and is no picture', (_name, value, words) => {
	expect(outputOf(value)).toEqual({ output: words, pictures: [] });
	expect(toToolOutput(value).notes).toEqual([
		`Left out of a tool's result: ${words.slice(1, -11)}`,
	]);
});

test('A resource keeps its address', () => {
	const resource = { uri: 'file:///a.pdf', mimeType: 'application/pdf', blob: OTHER };
	expect(JSON.parse(outputOf({ type: 'resource', resource }).output)).toEqual({
		type: 'resource',
		resource: { uri: 'file:///a.pdf', content: '[application/pdf, 5 kB, left out]' },
	});
});

test.each([
	['text', 'sunny'],
	['JSON as it was written', `{ "a" :  1, "b": "${'x y '.repeat(200)}" }`],
	['a long word', 'a'.repeat(1_000)],
	['a hash', 'f'.repeat(128)],
	['words that begin like a picture', `/9j/ ${'is no picture. '.repeat(50)}`],
	['a text without a full stop', { type: 'file', data: 'many words '.repeat(40) }],
	['no JSON', `{${'"a" '.repeat(100)}`],
	['a small icon', 'data:image/gif;base64,R0lGODlhAQABAAAAACw='],
])('%s stays as it is', (_name, value) => {
	const output = typeof value === 'string' ? value : JSON.stringify(value);
	expect(toToolOutput(value)).toEqual({ output, pictures: [], notes: [] });
});

test.each([
	['an object', { sun: true }, '{"sun":true}'],
	['null', null, 'null'],
	['nothing', undefined, 'The tool ran and returned nothing'],
	['a message of LangChain', { tool_call_id: 'a', content: 'sunny' }, 'sunny'],
])('%s is text', (_name, value, output) => {
	expect(toToolOutput(value).output).toBe(output);
});

test('More than 400,000 characters are cut off, and it is said how many', () => {
	const { output, notes } = toToolOutput('x y '.repeat(250_000));
	expect(notes).toEqual(["A tool's result of 1000000 characters was cut to 400000"]);
	expect(output.length).toBe(400_000 + '… (600000 more characters were cut off)'.length);
	expect(output.slice(-44)).toMatch(/… \(600000 more characters were cut off\)$/);
});

test('What is no JSON is said', () => {
	const round: Record<string, unknown> = {};
	round.itself = round;
	expect(toToolOutput(round).output).toContain('is not JSON');
});

test('Objects that hold each other in many places take no time', () => {
	const all = Array.from({ length: 50 }, () => ({}) as Record<string, unknown>);
	for (const one of all) all.forEach((other, index) => (one[index] = other));
	expect(toToolOutput(all).output).toContain('is not JSON');
});

test('The depth has a limit', () => {
	let value: unknown = IMAGE;
	for (let depth = 0; depth < 5_000; depth++) value = [value];
	expect(() => toToolOutput(value)).not.toThrow();
});
