/** Answers of another type, or in another encoding, than was asked for. */
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';

import { eventStream, json, raw } from '../../../../support/answers';
import { PARIS, responses } from '../../../../support/responses';
import { failureOf } from '../support';
import { BEGUN, BEGUN_TEXT, TYPED, useStreams } from './support';

const { bench, call, sayings } = useStreams();

describe('What was not asked for', () => {
	test('a page instead of a stream is an error with its title', async () => {
		bench.server.answer(raw('<html><title>Maintenance</title></html>', 'text/html'));
		const { message, details } = await failureOf(call());
		expect(message).toBe('The answer is not JSON. The server sent a web page: Maintenance');
		expect(details.kind).toBe('answer');
	});

	test('a page that calls itself a stream is an error too', async () => {
		bench.server.answer(raw('<html><title>Maintenance</title></html>', 'text/event-stream'));
		expect((await failureOf(call())).message).toBe(
			'The stream broke off before the response was complete',
		);
	});

	test('JSON instead of a stream is read, and its text is said at the end', async () => {
		bench.server.answer(json(responses.withReasoning));
		expect(await sayings()).toEqual({ said: [PARIS], text: PARIS });
	});

	test('an error instead of a stream is told', async () => {
		bench.server.answer(json({ error: { message: 'No' } }, { status: 400 }));
		const { message, details } = await failureOf(call());
		expect([message, details.kind, details.status]).toEqual(['No', 'http', 400]);
	});

	test('a stream instead of JSON is read', async () => {
		bench.server.answer(eventStream(TYPED));
		const { said, text } = await sayings(false);
		expect([said.join(''), text]).toEqual([PARIS, PARIS]);
	});

	test.each(['text/plain', 'application/json', 'application/octet-stream'])(
		'a stream that calls itself %s is read',
		async (type) => {
			bench.server.answer(eventStream(TYPED, { headers: { 'content-type': type } }));
			expect((await sayings()).said.join('')).toBe(PARIS);
		},
	);

	const all = Buffer.from(TYPED.join(''));

	test.each<[string, Buffer]>([
		['gzip', gzipSync(all)],
		['deflate', deflateSync(all)],
		['br', brotliCompressSync(all)],
	])('a stream that is compressed is read: %s', async (encoding, bytes) => {
		const halves = [bytes.subarray(0, 99), bytes.subarray(99)];
		bench.server.answer(eventStream(halves, { headers: { 'content-encoding': encoding } }));
		expect((await sayings()).said.join('')).toBe(PARIS);
	});

	test('a compressed stream is said while it is written, and its cut end is noticed', async () => {
		const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
		const flushed: Buffer[] = [];
		gzip.on('data', (bytes: Buffer) => flushed.push(bytes));
		await new Promise<unknown>((resolve) => gzip.write(BEGUN.join(''), resolve));
		bench.server.answer(
			eventStream(flushed, { headers: { 'content-encoding': 'gzip' }, then: 'hang' }),
		);
		const controller = new AbortController();
		let said = '';
		const onText = (text: string) => {
			said += text;
			if (said === BEGUN_TEXT) controller.abort('heard');
		};
		await expect(call({ onText, signal: controller.signal })).rejects.toBe('heard');

		bench.server.answer(eventStream(flushed, { headers: { 'content-encoding': 'gzip' } }));
		const { details } = await failureOf(call());
		expect(details).toMatchObject({ kind: 'stream', attempts: 1, partial: { text: BEGUN_TEXT } });
	});
});
