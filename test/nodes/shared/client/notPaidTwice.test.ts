/** A server that has sent the headers of a good answer has done its work: nothing of it is sent again. */
import { deflateSync, gzipSync } from 'node:zlib';

import { RawServer } from '../../../support/rawServer';
import { responses } from '../../../support/responses';
import { REQUEST, failureOf, useClients } from './support';

const server = new RawServer();
const makeClient = useClients();
beforeAll(async () => await server.listen());
afterEach(() => server.reset());
afterAll(async () => await server.close());

const BODY = JSON.stringify(responses.text);

const head = (...lines: string[]) =>
	`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${lines.join('\r\n')}\r\n\r\n`;

const length = (bytes: Buffer) => `content-length: ${bytes.length}`;

const compressed = (encoding: string, bytes: Buffer) =>
	Buffer.concat([Buffer.from(head(`content-encoding: ${encoding}`, length(bytes))), bytes]);

const CASES: Array<[string, string | Buffer, string]> = [
	[
		'a body that is cut',
		head('content-length: 1000') + BODY.slice(0, 100),
		'closed the connection',
	],
	[
		'a chunked body without its last chunk',
		`${head('transfer-encoding: chunked')}5\r\n{"id"\r\n`,
		'closed the connection',
	],
	[
		'chunks whose size is no number',
		`${head('transfer-encoding: chunked')}xyz\r\n{}\r\n`,
		'breaks the rules of HTTP',
	],
	[
		'a chunk that is longer than it says',
		`${head('transfer-encoding: chunked')}2\r\n{"a":1}\r\n0\r\n\r\n`,
		'breaks the rules of HTTP',
	],
	['what is not gzip', compressed('gzip', Buffer.from(BODY)), 'cannot be decompressed'],
	[
		'gzip that is cut, though its length is right',
		compressed('gzip', gzipSync(BODY).subarray(0, 60)),
		'cannot be decompressed',
	],
	[
		'gzip with a byte that is wrong',
		compressed('gzip', Buffer.from(gzipSync(BODY).map((byte, i) => (i === 40 ? ~byte : byte)))),
		'cannot be decompressed',
	],
	['what is not deflate', compressed('deflate', Buffer.from(BODY)), 'cannot be decompressed'],
	['what is not brotli', compressed('br', deflateSync(BODY)), 'cannot be decompressed'],
	['two lengths', head('content-length: 5', 'content-length: 7') + BODY, 'not HTTP'],
	['a length that is no number', head('content-length: many') + BODY, 'not HTTP'],
	['a header without a name', head(': nothing') + BODY, 'not HTTP'],
	['headers without end', head(`x: ${'x'.repeat(100_000)}`), 'not HTTP'],
	['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'not HTTP'],
	['an upgrade that nobody asked for', 'HTTP/1.1 101 Go\r\nupgrade: x\r\n\r\n', 'not HTTP'],
];

test.each(CASES)('An answer with %s is never sent again', async (_what, bytes, words) => {
	server.serve = (socket) => void socket.end(bytes);
	const client = makeClient({ baseUrl: server.url });
	const { details, message } = await failureOf(client.createResponse(REQUEST));
	expect(message).toContain(words);
	expect(details).toMatchObject({ kind: 'answer', attempts: 1 });
	expect(server.requests).toBe(1);
});

test.each(CASES.slice(0, 9))('Nor is a stream with %s', async (_what, bytes) => {
	const stream = Buffer.from(bytes.toString('latin1'), 'latin1').toString('latin1');
	const typed = stream.replace('application/json', 'text/event-stream');
	server.serve = (socket) => void socket.end(Buffer.from(typed, 'latin1'));
	const client = makeClient({ baseUrl: server.url });
	const { details } = await failureOf(client.createResponse({ ...REQUEST, stream: true }));
	expect(details).toMatchObject({ kind: 'stream', attempts: 1 });
	expect(server.requests).toBe(1);
});
