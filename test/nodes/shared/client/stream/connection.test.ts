/** When the connection of a stream is closed, and when it serves the next call. */
import { setImmediate } from 'node:timers/promises';

import { eventStream } from '../../../../support/answers';
import { MODEL, PARIS } from '../../../../support/responses';
import { DONE, chatChunks, frame } from '../../../../support/streams';
import { REQUEST } from '../support';
import { BEGUN, BEGUN_TEXT, TYPED, useStreams } from './support';

const { bench, call } = useStreams();

describe('A connection of a stream', () => {
	test('is closed by a cancel in mid-stream, which rejects with its reason', async () => {
		bench.server.answer(eventStream(BEGUN, { then: 'hang' }));
		const controller = new AbortController();
		const reason = new Error('Stop');
		let said = '';
		const onText = (text: string) => {
			said += text;
			if (said === BEGUN_TEXT) controller.abort(reason);
		};
		await expect(call({ onText, signal: controller.signal })).rejects.toBe(reason);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
		expect(bench.server.requests).toHaveLength(1);
	});

	test.each<[string, string[]]>([
		['[DONE]', [...chatChunks(PARIS, MODEL).map(frame), DONE]],
		['the terminal event', TYPED],
	])('is closed if its server does not end the body after %s', async (_what, events) => {
		bench.server.answer(eventStream(events, { then: 'hang' }));
		expect((await call()).text).toBe(PARIS);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
		expect(bench.server.inFlight).toBe(0);
	});

	test.each<[string, string[]]>([
		['[DONE]', [...chatChunks(PARIS, MODEL).map(frame), DONE]],
		['the terminal event', TYPED],
		['the terminal event and a late [DONE]', [...TYPED, DONE]],
		['an error', [...BEGUN, frame({ error: { message: 'No' } }), DONE]],
	])('serves the next call after %s', async (_what, events) => {
		const client = bench.client();
		bench.server.answer(eventStream(events, { gapMs: 5 }));
		for (let i = 0; i < 3; i++) {
			await client.createResponse({ ...REQUEST, stream: true }).catch(() => undefined);
			// undici gives a connection back no sooner
			await setImmediate();
		}
		expect(bench.server.requests).toHaveLength(3);
		expect(bench.server.connectionsOpened).toBe(1);
	});
});
