/** Which texts are files in base64, and what kind of file: all else is told to the model as it is. */
import {
	hasStretch,
	isBufferJson,
	mediaIn,
	mediaOf,
	replaceMedia,
	sizeInWords,
	typeOfBytes,
} from '../../../../../nodes/shared/client/response/media';

/** Base64 of so many bytes behind the head, as varied as those of a picture. */
const file = (head: string | Buffer, length: number) => {
	const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 37) % 256));
	Buffer.from(head as string, 'latin1').copy(bytes);
	return bytes.toString('base64');
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const UNKNOWN = 'application/octet-stream';
const PNG = '\x89PNG\r\n\x1a\n';

/** 64 characters, and one byte less of a file than fits into them. */
const SHORT_PNG = file(PNG, 47);

describe('The type of a file', () => {
	const heads: Array<[string, string]> = [
		[PNG, 'image/png'],
		['\xff\xd8\xff\xe0', 'image/jpeg'],
		['GIF89a', 'image/gif'],
		['<svg xmlns', 'image/svg+xml'],
		['%PDF-1.7', 'application/pdf'],
		['PK\x03\x04', 'application/zip'],
		['\x1f\x8b\x08', 'application/gzip'],
		['ID3', 'audio/mpeg'],
		['OggS\0\x02', 'audio/ogg'],
		['RIFF....WAVE', 'audio/wav'],
		['RIFF....WEBP', 'image/webp'],
		['\0\0\0 ftypisom', 'video/mp4'],
		['RIFF....AVI ', UNKNOWN],
		['Riff....WAVE', UNKNOWN],
		['\0\0\0 moov', UNKNOWN],
		['ftypisom', UNKNOWN],
		['nothing known', UNKNOWN],
		['', UNKNOWN],
	];

	test.each(heads)('that begins with %j is %s', (head, type) => {
		expect(typeOfBytes(Buffer.from(file(head, 90), 'base64'))).toBe(type);
		expect(mediaOf(file(head, 900))).toMatchObject({ type, bytes: 900 });
	});

	test('is told by its beginning only', () => {
		expect(typeOfBytes(Buffer.from(`xx${PNG}`, 'latin1'))).toBe(UNKNOWN);
		expect(typeOfBytes(Buffer.from(`${'x'.repeat(30)}RIFF....WAVE`, 'latin1'))).toBe(UNKNOWN);
		expect(typeOfBytes(new Uint8Array())).toBe(UNKNOWN);
	});
});

describe('A text that is nothing but a file', () => {
	test('may be short where its beginning is known', () => {
		expect(SHORT_PNG).toHaveLength(64);
		expect(mediaOf(SHORT_PNG)).toEqual({ type: 'image/png', data: SHORT_PNG, bytes: 47 });
		expect(mediaOf(SHORT_PNG.slice(0, 63))).toBeUndefined();
	});

	test('has 1,000 characters where nothing is known of it', () => {
		const text = file('', 750);
		expect(mediaOf(text)).toEqual({ type: UNKNOWN, data: text, bytes: 750 });
		expect(mediaOf(text.slice(1))).toBeUndefined();
	});

	test.each([
		[40, true],
		[39, false],
		[1, false],
	])('is not told from a word that is repeated: of %i characters it is %s', (different, isFile) => {
		const text = ALPHABET.slice(0, different).repeat(1_000).slice(0, 2_000);
		expect(mediaOf(text) !== undefined).toBe(isFile);
		expect(replaceMedia(text, () => '…')).toBe(isFile ? '…' : text);
	});

	test.each([
		['behind it', `${SHORT_PNG}. And so on`],
		['before it', `Look: ${SHORT_PNG}`],
		['within it', `${SHORT_PNG.slice(0, 60)}!${SHORT_PNG}`],
	])('has no other text %s', (_where, text) => {
		expect(mediaOf(text)).toBeUndefined();
	});

	test('may be in lines, with blanks at its end', () => {
		const text = SHORT_PNG.replace(/(.{20})/g, '$1\r\n');
		expect(mediaOf(`${text}\n \n`)).toEqual({ type: 'image/png', data: SHORT_PNG, bytes: 47 });
	});
});

describe('The size of a file', () => {
	test.each([
		['YWJj', 3],
		['YWI=', 2],
		['YQ==', 1],
		['YWI', 2],
		['YW\r\n  I=\n', 2],
		['-_-_', 3],
	])('%j has %i bytes', (data, bytes) => {
		const found = mediaIn({ type: 'image' }, 'data', data);
		expect(found).toEqual({ type: UNKNOWN, data: data.replace(/\s/g, ''), bytes });
	});

	test.each([
		[0, '0 bytes'],
		[999, '999 bytes'],
		[1_000, '1 kB'],
		[1_500, '2 kB'],
		[300_400, '300 kB'],
		[999_499, '999 kB'],
		[1_000_000, '1 MB'],
		[2_449_999, '2.4 MB'],
		[12_300_000, '12.3 MB'],
	])('of %i is %s in words', (bytes, words) => {
		expect(sizeInWords(bytes)).toBe(words);
	});
});

describe('The data of an object that says what it is', () => {
	const word = 'holiday';

	test.each(['mimeType', 'mime_type', 'media_type', 'mediaType', 'contentType', 'content_type'])(
		'has the type that is under %s',
		(key) => {
			const found = mediaIn({ [key]: 'image/avif' }, 'data', SHORT_PNG);
			expect(found).toEqual({ type: 'image/avif', data: SHORT_PNG, bytes: 47 });
			expect(mediaIn({ [key]: 'image/avif' }, 'data', SHORT_PNG.slice(1))).toBeUndefined();
		},
	);

	test.each(['data', 'blob', 'base64', 'bytes', 'body', 'content'])('is under %s', (key) => {
		expect(mediaIn({ mimeType: 'audio/aac' }, key, SHORT_PNG)?.type).toBe('audio/aac');
	});

	test.each(['name', 'text', 'url', 'Data'])('is not under %s', (key) => {
		expect(mediaIn({ type: 'image', mimeType: 'image/png' }, key, SHORT_PNG)).toBeUndefined();
	});

	test.each(['image', 'audio', 'video', 'file', 'media', 'base64', 'input_audio', 'blob'])(
		'is a file in a part called %s, however short it is',
		(type) => {
			expect(mediaIn({ type }, 'data', word)).toMatchObject({ type: UNKNOWN, data: word });
			expect(mediaIn({ type }, 'data', SHORT_PNG)).toMatchObject({ type: 'image/png' });
			expect(mediaIn({ type, mimeType: 'text/plain' }, 'data', word)?.type).toBe('text/plain');
		},
	);

	test.each([['text'], ['resource'], [undefined], [['image']]])(
		'is none in a part called %j that says no type',
		(type) => {
			expect(mediaIn({ type }, 'data', SHORT_PNG)).toBeUndefined();
			expect(mediaIn({ type }, 'data', file('', 3_000))).toBeUndefined();
		},
	);

	test.each(['blob', 'base64'])('is a file under %s, where it is no word', (key) => {
		expect(mediaIn({}, key, SHORT_PNG)?.type).toBe('image/png');
		expect(mediaIn({}, key, SHORT_PNG.slice(1))).toBeUndefined();
		expect(mediaIn({ mimeType: 'text/csv' }, key, word)?.type).toBe('text/csv');
		expect(mediaIn({ mimeType: 'image/png' }, key, word)?.type).toBe('image/png');
	});

	test.each([
		'text/plain',
		'application/json',
		'application/ld+json',
		'application/xml',
		'application/yaml',
		'application/javascript',
	])('is its words where its type is %s', (mimeType) => {
		expect(mediaIn({ mimeType }, 'content', 'a'.repeat(200))).toBeUndefined();
	});

	test.each(['application/json-seq', 'hypertext/x', 'application/notjson'])(
		'is a file where its type only looks like one of texts: %s',
		(mimeType) => {
			expect(mediaIn({ mimeType }, 'content', SHORT_PNG)?.type).toBe(mimeType);
		},
	);

	test.each([
		[7],
		['picture'],
		['see image/png'],
		['image/png, or so'],
		['image/'],
		[['image/png']],
	])('is none where %j stands for the type', (mimeType) => {
		expect(mediaIn({ mimeType }, 'data', SHORT_PNG)).toBeUndefined();
	});

	test.each([
		['a sentence', 'Not here, sorry.'],
		['a number with a point', '3.14'],
		['a sentence behind it', 'YWI=. So'],
		['a sentence before it', '(YWI='],
		['too much at its end', 'YWI==='],
		['nothing', ''],
	])('is none where it is %s', (_what, text) => {
		expect(mediaIn({ type: 'image', mimeType: 'image/png' }, 'data', text)).toBeUndefined();
	});
});

describe('Files within a text', () => {
	const told = (text: string) => replaceMedia(text, ({ type, bytes }) => `[${type} ${bytes}]`);
	const data = file('', 90);

	test.each([
		['alone', `data:image/png;base64,${data}`, '[image/png 90]'],
		['in Markdown', `![x](data:image/png;base64,${data}) Nice?`, '![x]([image/png 90]) Nice?'],
		['with a charset', `data:image/svg+xml;charset=utf-8;base64,${data}`, '[image/svg+xml 90]'],
		['with more of the kind', `data:x-a.b/c.d-e;a=1;name=a.png;base64,${data}`, '[x-a.b/c.d-e 90]'],
		['with padding', `data:a/b;base64,${file('', 91)}.`, '[a/b 91].'],
		['with less padding', `data:a/b;base64,${file('', 92)}.`, '[a/b 92].'],
		['for addresses', `data:a/b;base64,${'-_'.repeat(50)}.${data}`, `[a/b 75].${data}`],
		['twice', `data:a/b;base64,${data}, data:c/d;base64,${data}`, '[a/b 90], [c/d 90]'],
		['of 48 characters', `data:a/b;base64,${file('', 36)} ${data}`, `[a/b 36] ${data}`],
	])('as data URLs, %s', (_how, text, expected) => {
		expect(told(text)).toBe(expected);
	});

	test.each([
		['of 47 characters', `data:a/b;base64,${file('', 36).slice(1)} ${data}`],
		['without base64', `data:text/plain,${data}`],
		['without a type', `data:;base64,${data}`],
		['of other characters', `data:a/b;base64,(${data})`],
	])('are no data URLs %s', (_how, text) => {
		expect(told(text)).toBe(text);
	});

	test.each([
		['in the middle', `Here: ${file('', 900)}, done`, `Here: [${UNKNOWN} 900], done`],
		['at its beginning', `${file(PNG, 900)} is it`, '[image/png 900] is it'],
		['at its end', `It is ${file(PNG, 900)}`, 'It is [image/png 900]'],
		[
			'with padding',
			`(${file('', 901)}) (${file('', 902)})`,
			`([${UNKNOWN} 901]) ([${UNKNOWN} 902])`,
		],
		['with padding at its end', `a ${file('', 901)}`, `a [${UNKNOWN} 901]`],
		[
			'of little variety, but known',
			`a ${file(PNG, 9)}${'A'.repeat(1_000)}!`,
			'a [image/png 759]!',
		],
		[
			'behind stretches that are none',
			`${'x'.repeat(1_500)} ${file('', 900)} ${'y'.repeat(1_500)}`,
			`${'x'.repeat(1_500)} [${UNKNOWN} 900] ${'y'.repeat(1_500)}`,
		],
		['between letters of other scripts', `é${file('', 900)}天`, `é[${UNKNOWN} 900]天`],
	])('as plain base64, %s', (_how, text, expected) => {
		expect(told(text)).toBe(expected);
	});

	test.each([
		['999 characters', `Here: ${file('', 750).slice(1)}, done`],
		['characters for addresses', `Here: ${'-_AZ'.repeat(300)}, done`],
		['many words', 'The quick brown fox jumps over the lazy dog. '.repeat(40)],
	])('are no %s', (_what, text) => {
		expect(told(text)).toBe(text);
	});
});

test.each([
	['abcd', 4, true],
	['abcd', 5, false],
	['ab.cdef', 4, true],
	['abcd.ef', 4, true],
	['ab.cd', 3, false],
	['ab cd\nef', 3, false],
	['ab-cd_ef', 3, false],
	['AZ09+/az', 8, true],
	['éabcd', 4, true],
	['', 1, false],
])('That %j has a stretch of %i characters of base64 is %s', (text, length, has) => {
	expect(hasStretch(text, length)).toBe(has);
});

test.each<[unknown, boolean]>([
	[JSON.parse(JSON.stringify(Buffer.from('Hi'))), true],
	[{ type: 'Buffer', data: 'SGk=' }, false],
	[{ type: 'Buffer' }, false],
	[{ type: 'buffer', data: [72] }, false],
	[{ data: [72] }, false],
	[[72], false],
	[null, false],
	['Buffer', false],
])('That %j is how JSON writes a Buffer is %s', (value, is) => {
	expect(isBufferJson(value)).toBe(is);
});
