import { createHash } from 'node:crypto';

import { toToolOutput } from '../../../../../nodes/shared/client/response/toolOutput';

/** Bytes that look like nothing, always the same. */
function noise(length: number, seed = ''): Buffer {
	const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
		createHash('sha256').update(`${seed}${index}`).digest(),
	);
	return Buffer.concat(blocks).subarray(0, length);
}

const withHead = (head: Buffer, length: number) =>
	Buffer.concat([head, noise(length - head.length)]).toString('base64');

const PNG = withHead(Buffer.from('89504e470d0a1a0a', 'hex'), 300_000);
const JPEG = withHead(Buffer.from('ffd8ffe0', 'hex'), 1_500);
const WAV = withHead(Buffer.from('RIFF....WAVE'), 4_000);
const WEBP = withHead(Buffer.from('RIFF....WEBP'), 4_000);
const PDF = withHead(Buffer.from('%PDF-1.7'), 2_400_000);
const BYTES = noise(12_345).toString('base64');
const LEFT_OUT = 'image/png, 300 kB, left out';

const json = (value: unknown) => JSON.stringify(value);

describe('A file in the result of a tool is left out with what it is', () => {
	test.each<[string, unknown, unknown]>([
		[
			'an MCP picture, as n8n gives it',
			json([{ type: 'image', data: PNG, mimeType: 'image/png' }]),
			json([{ type: 'image', data: LEFT_OUT, mimeType: 'image/png' }]),
		],
		[
			'an MCP picture within an object, twice',
			json({ content: [{ type: 'image', data: PNG, mimeType: 'image/png' }], copy: { a: [PNG] } }),
			json({
				content: [{ type: 'image', data: LEFT_OUT, mimeType: 'image/png' }],
				copy: { a: [LEFT_OUT] },
			}),
		],
		[
			'a blob of a resource',
			json([
				{ type: 'resource', resource: { uri: 'f:///a', mimeType: 'application/pdf', blob: PDF } },
			]),
			json([
				{
					type: 'resource',
					resource: {
						uri: 'f:///a',
						mimeType: 'application/pdf',
						blob: 'application/pdf, 2.4 MB, left out',
					},
				},
			]),
		],
		[
			'a blob that does not say what it is',
			json({ blob: BYTES }),
			json({ blob: 'application/octet-stream, 12 kB, left out' }),
		],
		[
			'MCP audio',
			json([{ type: 'audio', data: WAV, mimeType: 'audio/wav' }]),
			json([{ type: 'audio', data: 'audio/wav, 4 kB, left out', mimeType: 'audio/wav' }]),
		],
		[
			'the smallest picture',
			json([{ type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' }]),
			json([{ type: 'image', data: 'image/png, 8 bytes, left out', mimeType: 'image/png' }]),
		],
		[
			'a picture without its type',
			json([{ type: 'image', data: JPEG }]),
			json([{ type: 'image', data: 'image/jpeg, 2 kB, left out' }]),
		],
		['a picture in an object, not as text', { shot: PNG }, json({ shot: LEFT_OUT })],
		['a picture that is all of the result', PNG, LEFT_OUT],
		[
			'a picture in JSON in JSON',
			json([{ type: 'text', text: json({ png: PNG }) }]),
			json([{ type: 'text', text: json({ png: LEFT_OUT }) }]),
		],
		[
			'a data URL',
			json({ image_url: `data:image/png;base64,${PNG}` }),
			json({ image_url: LEFT_OUT }),
		],
		[
			'a data URL in Markdown',
			`Look: ![x](data:image/png;base64,${PNG}) Nice?`,
			`Look: ![x](${LEFT_OUT}) Nice?`,
		],
		[
			'a data URL with a charset',
			`data:image/svg+xml;charset=utf-8;base64,${BYTES}`,
			'image/svg+xml, 12 kB, left out',
		],
		[
			"Anthropic's form",
			json({ source: { type: 'base64', media_type: 'image/webp', data: WEBP } }),
			json({
				source: { type: 'base64', media_type: 'image/webp', data: 'image/webp, 4 kB, left out' },
			}),
		],
		[
			"OpenAI's form of sound",
			json({ input_audio: { data: WAV, format: 'wav' } }),
			json({ input_audio: { data: 'audio/wav, 4 kB, left out', format: 'wav' } }),
		],
		[
			"OpenAI's form of pictures",
			json({ b64_json: WEBP }),
			json({ b64_json: 'image/webp, 4 kB, left out' }),
		],
		[
			'base64 in lines',
			json({ file: BYTES.replace(/(.{76})/g, '$1\r\n') }),
			json({ file: 'application/octet-stream, 12 kB, left out' }),
		],
		[
			'base64 in the middle of a text',
			`Here: ${BYTES}, done`,
			'Here: application/octet-stream, 12 kB, left out, done',
		],
		[
			'a Buffer in an object',
			{ file: Buffer.from(JPEG, 'base64') },
			json({ file: 'image/jpeg, 2 kB, left out' }),
		],
		[
			'a Buffer as JSON has it',
			json({ file: Buffer.from(JPEG, 'base64') }),
			json({ file: 'image/jpeg, 2 kB, left out' }),
		],
		[
			'the content of a ToolMessage',
			{ tool_call_id: 'c', content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] },
			json([{ type: 'image', data: LEFT_OUT, mimeType: 'image/png' }]),
		],
	])('%s', (_, value, output) => {
		expect(toToolOutput(value).output).toBe(output);
	});
});

describe('What is no file stays', () => {
	test.each<[string, unknown, string?]>([
		['JSON in the way it is written', '{ "city" : "Paris",\n "list": [1, 2] }'],
		['a word under data', json({ mimeType: 'image/png', data: 'holiday', name: 'x' })],
		[
			"n8n's reference to a file",
			json({ mimeType: 'image/png', fileType: 'image', data: 'filesystem-v2' }),
		],
		['text with its type', json({ mimeType: 'text/plain', data: 'a'.repeat(200) })],
		[
			'a text resource',
			json([{ type: 'resource', resource: { mimeType: 'text/plain', text: 'Hi' } }]),
		],
		['a long hexadecimal number', 'deadbeef0123456789'.repeat(500)],
		['one character, often', 'x'.repeat(5_000)],
		['a long text', 'The quick brown fox jumps over the lazy dog. '.repeat(200)],
		['a token', `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxIn0'.repeat(10)}.c2ln`],
		['a path', '/usr/local/lib/node_modules/n8n/dist/some/where/else/index/file/abc'],
		['a short data URL', 'data:text/plain;base64,SGVsbG8='],
		['a date', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
		[
			'a key __proto__',
			'{"__proto__":{"a":1},"text":"The quick brown fox jumps over the lazy dog"}',
		],
	])('%s', (_, value, output = value as string) => {
		expect(toToolOutput(value)).toEqual({ output, pictures: [] });
	});
});

test('Pictures come beside the text, each once, and nothing but pictures that models take', () => {
	const value = [
		{ type: 'image', data: PNG, mimeType: 'image/png' },
		{ type: 'image', data: PNG, mimeType: 'image/png' },
		{ type: 'image', data: JPEG, mimeType: 'image/jpg' },
		{ type: 'audio', data: WAV, mimeType: 'audio/wav' },
		{ type: 'image', data: BYTES, mimeType: 'image/svg+xml' },
	];
	expect(toToolOutput(json(value)).pictures).toEqual([
		{ type: 'image/png', url: `data:image/png;base64,${PNG}` },
		{ type: 'image/jpeg', url: `data:image/jpeg;base64,${JPEG}` },
	]);
});

test.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])(
	'Models take pictures of the type %s',
	(type) => {
		const { pictures } = toToolOutput([{ type: 'image', data: BYTES, mimeType: type }]);
		expect(pictures).toEqual([{ type, url: `data:${type};base64,${BYTES}` }]);
	},
);

describe('A picture deep within a result is found', () => {
	const nested = (levels: number, inner: unknown) => {
		let value = inner;
		for (let level = 0; level < levels; level++) value = [value];
		return value;
	};
	const SMALL = { type: 'image', data: 'iVBORw0KGgo=' };

	test.each([
		[101, true],
		[102, false],
	])('within %i lists: %s', (levels, isFound) => {
		const { output } = toToolOutput(nested(levels, JPEG));
		expect(output.includes('left out')).toBe(isFound);
		expect(output.includes(JPEG)).toBe(!isFound);
	});

	test.each([
		[99, true],
		[100, false],
	])('in JSON within %i lists: %s', (levels, isFound) => {
		expect(toToolOutput(nested(levels, json(SMALL))).output.includes('left out')).toBe(isFound);
	});

	test('in JSON with blanks before it', () => {
		expect(toToolOutput(`\n ${json(SMALL)}`).output).toContain('image/png, 8 bytes, left out');
	});
});

test('What says itself how it is written is written so', () => {
	class Shot {
		png = PNG;
		toJSON() {
			return 'a picture';
		}
	}
	expect(toToolOutput({ shot: new Shot() }).output).toBe('{"shot":"a picture"}');
});

test('Of many pictures ten come', () => {
	const value = Array.from({ length: 12 }, (_, index) => ({
		type: 'image',
		data: noise(300, `${index}`).toString('base64'),
		mimeType: 'image/png',
	}));
	const { output, pictures } = toToolOutput(value);
	expect(pictures).toHaveLength(10);
	expect(output.match(/image\/png, 300 bytes, left out/g)).toHaveLength(12);
});

test.each([
	['400,000 characters go whole', 400_000, 400_000],
	['of one more, what is missing is said', 400_001, 400_034],
])('%s', (_, length, sent) => {
	const { output } = toToolOutput('x'.repeat(length));
	// not toHaveLength, which would print all of it
	expect(output.length).toBe(sent);
	expect(output.endsWith('(1 more characters were cut off)')).toBe(sent > length);
});

test('A result too large to be read as JSON has no base64 either', () => {
	const { output } = toToolOutput(json({ shot: PNG, text: 'x '.repeat(5_000_000) }));
	expect(output.slice(0, 60)).toContain(LEFT_OUT);
	expect(output).not.toContain(PNG.slice(9_000, 9_100));
});

const CIRCULAR: Record<string, unknown> = { name: 'loop' };
CIRCULAR.self = CIRCULAR;

test.each<[string, unknown, unknown]>([
	['nothing', undefined, 'The tool ran and returned nothing'],
	['null', null, 'null'],
	['an empty text', '', ''],
	['a number', 21, '21'],
	['a symbol', Symbol('sign'), 'Symbol(sign)'],
	['bytes', Buffer.from('PNG'), 'The tool returned 3 bytes of binary data'],
	['what refers to itself', CIRCULAR, expect.stringMatching(/^The tool ran, but .+circular/s)],
])('%s becomes text', (_, value, output) => {
	expect(toToolOutput(value).output).toEqual(output);
});
