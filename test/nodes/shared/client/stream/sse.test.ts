import { JSON_LIMIT, MAX_STRANGE_LINES } from '../../../../../nodes/shared/client/limits';
import { EventDecoder } from '../../../../../nodes/shared/client/stream/sse';
import { thrownBy } from '../support';

/** The data of all events in these pieces, until the end of the stream. */
function dataOf(...pieces: Array<string | Uint8Array>): string[] {
	const decoder = new EventDecoder();
	const events = pieces.flatMap((piece) => decoder.decode(Buffer.from(piece)));
	return [...events, ...decoder.end()].map(({ data }) => data);
}

describe('The lines of an event', () => {
	test.each<[string, string[]]>([
		['a line feed', ['data: a\ndata: b\n\ndata: c\n\n']],
		['a carriage return', ['data: a\rdata: b\r\rdata: c\r\r']],
		['both', ['data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n']],
		['one or the other', ['data: a\rdata: b\n\ndata: c\r\n\n']],
		['both, of which one comes later', ['data: a\r', '\ndata: b\r', '\n\r', '\ndata: c\r', '\n']],
		['a carriage return, behind which more comes', ['data: a\r', 'data: b\r', '\r', 'data: c']],
		['a carriage return and nothing more', ['data: a\rdata: b\r\rdata: c\r']],
	])('end with %s', (_what, pieces) => {
		expect(dataOf(...pieces)).toEqual(['a\nb', 'c']);
	});

	test('may be cut within a character', () => {
		const bytes = Buffer.from('data: Zoë 🌍\n\n');
		for (let at = 1; at < bytes.length; at++) {
			expect(dataOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual(['Zoë 🌍']);
		}
	});
});

describe('An event', () => {
	test('is there as soon as its blank line is, and not once more', () => {
		const decoder = new EventDecoder();
		expect(decoder.decode(Buffer.from('data: a\n\ndata: b\n'))).toMatchObject([{ data: 'a' }]);
		expect(decoder.decode(Buffer.from('\n'))).toMatchObject([{ data: 'b' }]);
		expect(decoder.end()).toEqual([]);
	});

	test('counts at the end of the stream without its blank line, in the middle of a line too', () => {
		expect(dataOf('data: a\n\ndata: b\n')).toEqual(['a', 'b']);
		expect(dataOf('data: a\n\ndata: b')).toEqual(['a', 'b']);
	});

	test('may be a line of JSON without the name of a field', () => {
		expect(dataOf('data: a\n\n{"error": "No"}\nstrange\n')).toEqual(['a', '{"error": "No"}']);
	});

	test('of more than 16 MB is a failure that says so', async () => {
		const decoder = new EventDecoder();
		const megabyte = Buffer.alloc(2 ** 20, 'x');
		decoder.decode(Buffer.from('data: '));
		const most = JSON_LIMIT / megabyte.length - 1;
		for (let i = 0; i < most; i++) expect(decoder.decode(megabyte)).toEqual([]);
		const { message, details } = await thrownBy(() => decoder.decode(megabyte));
		expect(message).toBe('The stream holds an event of more than 16 MB');
		expect(details).toEqual({ kind: 'answer' });
	});
});

test('Lines that are no events are passed over, but not more than 10,000', async () => {
	const decoder = new EventDecoder();
	const strange = 'strange\n'.repeat(MAX_STRANGE_LINES);
	expect(decoder.decode(Buffer.from(`${strange}data: a\n\n`))).toMatchObject([{ data: 'a' }]);
	const { message, details } = await thrownBy(() => decoder.decode(Buffer.from('strange\n')));
	expect(message).toBe('The stream holds more than 10,000 lines that are no events');
	expect(details).toEqual({ kind: 'answer' });
});
