import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { rateLimited } from '../support/errorBodies';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { textResponse } from '../support/responses';

const gradient = useGradient();

const itemsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ i }));

const form = (requestOptions: IDataObject): IDataObject => ({
	...TEXT,
	prompt: '=Item {{ $json.i }}',
	requestOptions,
});

const promptOf = (body: unknown) => (body as { input: string }).input;
const arrivals = () => gradient.server.requests.map(({ receivedAt }) => receivedAt);
const continueOnFail = { onError: 'continueRegularOutput' as const };

/** When the request was refused that the server answers so. */
function refuseFirst(ms: number) {
	const refused = { at: 0 };
	gradient.server.answer((_request, index) => {
		if (index === 0) {
			refused.at = performance.now();
			return rateLimited({ 'retry-after-ms': String(ms) });
		}
		// those in flight end after the refusal has arrived, so that the next ones know of it
		return json(textResponse('Hi'), { delayMs: 300 });
	});
	return refused;
}

describe('After one refusal', () => {
	test('no request of the execution arrives until its time is over, and then all are answered', async () => {
		const refused = refuseFirst(500);
		const result = await gradient.run(form({ maxConcurrentRequests: 4 }), { items: itemsOf(12) });
		expect(result.json(NODE).map(({ text }) => text)).toEqual(Array(12).fill('Hi'));
		expect(arrivals()).toHaveLength(13);
		const later = arrivals().slice(4);
		expect(Math.min(...later) - refused.at).toBeGreaterThanOrEqual(500);
	});

	test('of all that were in flight, each is sent once more', async () => {
		const { server } = gradient;
		const seen = new Map<string, number>();
		server.answer(async ({ body }) => {
			const times = (seen.get(promptOf(body)) ?? 0) + 1;
			seen.set(promptOf(body), times);
			await server.until(() => server.requests.length >= 6);
			return times === 1 ? rateLimited({ 'retry-after-ms': '30' }) : undefined;
		});
		const result = await gradient.run(form({ maxConcurrentRequests: 6, maxRetries: 1 }), {
			items: itemsOf(6),
		});
		expect(result.json(NODE).map(({ text }) => text)).toEqual(
			itemsOf(6).map(({ i }) => `Echo: Item ${i}`),
		);
		expect(server.requests).toHaveLength(12);
	});

	test('its item waits like all others, also with Max Retries 0', async () => {
		const refused = refuseFirst(300);
		const options = { maxConcurrentRequests: 1, maxRetries: 0 };
		const result = await gradient.run(form(options), { items: itemsOf(3) });
		expect(result.json(NODE).map(({ text }) => text)).toEqual(Array(3).fill('Hi'));
		expect(arrivals()[1] - refused.at).toBeGreaterThanOrEqual(300);
		expect(arrivals()).toHaveLength(4);
	});

	test('with a Delay Between Requests, those whose turn comes meanwhile are held back too', async () => {
		const refused = refuseFirst(600);
		const options = { maxConcurrentRequests: 4, delayBetweenRequests: 300 };
		await gradient.run(form(options), { items: itemsOf(3) });
		const later = arrivals().slice(1);
		expect(later).toHaveLength(3);
		later.forEach((at, i) => expect(at - refused.at).toBeGreaterThanOrEqual(600 + i * 300));
	});

	test('however often an item is refused, it is answered in the end', async () => {
		const { server } = gradient;
		const seen = new Map<string, number>();
		server.answer(({ body }) => {
			const times = (seen.get(promptOf(body)) ?? 0) + 1;
			seen.set(promptOf(body), times);
			return times < 4 && promptOf(body) === 'Item 0'
				? rateLimited({ 'retry-after-ms': '20' })
				: undefined;
		});
		const options = { maxConcurrentRequests: 5, maxRetries: 1 };
		const result = await gradient.run(form(options), { items: itemsOf(8) });
		expect(result.json(NODE)).toHaveLength(8);
		expect(seen.get('Item 0')).toBe(4);
	});

	test('Stop ends the wait of all at once', async () => {
		const { server } = gradient;
		server.answer(rateLimited({ 'retry-after': '50' }));
		const run = gradient.start(form({ maxConcurrentRequests: 1 }), {
			items: itemsOf(3),
			nodeSettings: continueOnFail,
		});
		await server.until(() => server.requests.length === 1 && server.inFlight === 0);
		run.cancel();
		expect((await run.result).status).toBe('canceled');
		expect(server.requests).toHaveLength(1);
	});
});

test('A server error makes only its own request wait', async () => {
	const { server } = gradient;
	server.answer([json({ message: 'Oops' }, { status: 503, headers: { 'retry-after': '2' } })]);
	const result = await gradient.run(form({ maxConcurrentRequests: 2 }), { items: itemsOf(10) });
	expect(result.json(NODE)).toHaveLength(10);
	// all others are sent while it waits
	expect(server.bodies.at(-1)).toEqual(server.bodies[0]);
	expect(new Set(server.bodies.slice(0, 10).map(promptOf)).size).toBe(10);
});

test('Delay Between Requests holds over items and retries', async () => {
	const { server } = gradient;
	server.answer((_request, index) =>
		index % 2 ? undefined : json({}, { status: 503, headers: { 'retry-after-ms': '1' } }),
	);
	const options = { maxConcurrentRequests: 3, delayBetweenRequests: 60, maxRetries: 9 };
	const began = performance.now();
	await gradient.run(form(options), { items: itemsOf(3) });
	expect(arrivals().length).toBeGreaterThanOrEqual(5);
	arrivals().forEach((at, i) => expect(at - began).toBeGreaterThanOrEqual(i * 60));
});

test('A daily quota that is reset hours away fails at once, and says when that is', async () => {
	const seconds = Math.round(Date.now() / 1000);
	const reset = seconds + 5 * 3600;
	gradient.server.answer(
		rateLimited({
			'x-ratelimit-limit-tokens-per-day': '8000000',
			'x-ratelimit-remaining-tokens-per-day': '0',
			'x-ratelimit-reset-tokens-per-day': String(reset),
			'x-ratelimit-remaining-requests': '119',
			'x-ratelimit-reset-requests': String(seconds + 1),
		}),
	);
	const { error } = await gradient.run(form({ maxRetries: 5 }));
	expect(gradient.server.requests).toHaveLength(1);
	expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '429' });
	const said = /A quota of your account is used up; it is reset at (.{16}) UTC\./.exec(
		error?.description ?? '',
	);
	const saidAt = Date.parse(`${said?.[1].replace(' ', 'T')}Z`);
	// to the minute
	expect(Math.abs(saidAt - reset * 1000)).toBeLessThanOrEqual(61_000);
});

test('The error says how often the request was sent, and how long it waited, also for others', async () => {
	const { server } = gradient;
	// the second item is refused for long while the first waits for its own retry
	server.answer(async ({ body }, index) => {
		if (index === 0) return rateLimited({ 'retry-after-ms': '100' });
		if (promptOf(body) === 'Item 0') return json({ message: 'Oops' }, { status: 400 });
		await server.until(() => server.requests.length >= 2);
		return index === 1
			? rateLimited({ 'retry-after-ms': '700' })
			: json(textResponse('Hi'), { delayMs: 1 });
	});
	const result = await gradient.run(form({ maxConcurrentRequests: 2 }), {
		items: itemsOf(2),
		nodeSettings: continueOnFail,
	});
	const [failed] = result.json(NODE);
	const said = /was sent 2 times, with ([\d.]+) s of waiting in between/.exec(
		String(failed.description),
	);
	expect(Number(said?.[1])).toBeGreaterThanOrEqual(0.6);
});

test('A wait of 5 seconds is shown as a hint, a shorter one is not', async () => {
	const { server } = gradient;
	server.answer([rateLimited({ 'retry-after-ms': '10' })]);
	expect((await gradient.run(TEXT)).hints(NODE)).toEqual([]);
	server.answer([rateLimited({ 'retry-after': '5' })]);
	const [hint, ...others] = (await gradient.run(TEXT)).hints(NODE);
	expect(others).toEqual([]);
	expect(hint).toMatchObject({ type: 'warning', location: 'outputPane' });
	expect(hint.message).toContain('held back for up to 5 s');
	expect(hint.message).toContain("'Max Concurrent Requests'");
});

test('A wait that nobody takes is no hint', async () => {
	const answer = json({ message: 'Oops' }, { status: 503, headers: { 'retry-after': '50' } });
	gradient.server.answer(answer);
	const result = await gradient.run(form({ maxRetries: 0 }), { nodeSettings: continueOnFail });
	expect(result.json(NODE)[0].http_code).toBe('503');
	expect(result.hints(NODE)).toEqual([]);
});
