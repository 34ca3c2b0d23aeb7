import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { textResponse } from '../support/responses';

const gradient = useGradient();

const itemsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ i }));
const FORM: IDataObject = { ...TEXT, prompt: '=Item {{ $json.i }}' };
const withRequestOptions = (requestOptions: IDataObject) => ({ ...FORM, requestOptions });

test('The output keeps the order of the items, however the answers come in', async () => {
	const delays = [90, 5, 60, 0, 30, 80, 10, 50, 20, 70, 40, 1];
	gradient.server.answer(({ body }) => {
		const { input } = body as { input: string };
		return json(textResponse(input), { delayMs: delays[Number(input.split(' ')[1])] });
	});
	const result = await gradient.run(FORM, { items: itemsOf(delays.length) });
	expect(result.json(NODE).map(({ text }) => text)).toEqual(
		delays.map((_, index) => `Item ${index}`),
	);
	expect(result.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
		delays.map((_, item) => ({ item })),
	);
});

test.each([1, 2, 3, 5, 12])('At most %i requests are in flight, and as many are', async (limit) => {
	const { server } = gradient;
	let answered = 0;
	server.answer(async () => {
		// holds each request until the limit is reached, so that one too many would be seen
		const rest = 12 - answered;
		await server.until(() => server.inFlight >= Math.min(limit, rest));
		await new Promise((resolve) => setTimeout(resolve, 20));
		answered++;
		return json(textResponse('Hi'));
	});
	await gradient.run(withRequestOptions({ maxConcurrentRequests: limit }), { items: itemsOf(12) });
	expect(server.requests).toHaveLength(12);
	expect(server.peakInFlight).toBe(limit);
});

describe('Without the option', () => {
	const OLD = { nodeSettings: { typeVersion: 1 } };

	test('five requests are in flight in a node of version 1', async () => {
		const { server } = gradient;
		server.answer(async () => {
			await server.until(() => server.requests.length >= 5);
			return json(textResponse('Hi'), { delayMs: 20 });
		});
		await gradient.run(FORM, { items: itemsOf(20), ...OLD });
		expect(server.peakInFlight).toBe(5);
	});

	test('five are, then one more with each answer, up to 50', async () => {
		const { server } = gradient;
		const inFlight: number[] = [];
		let answered = 0;
		server.answer(async (_request, index) => {
			// nobody is answered before as many are here as may be
			const most = Math.min(5 + answered, 50, 200 - answered);
			await server.until(() => server.inFlight >= most);
			inFlight[index] = server.inFlight;
			await new Promise((resolve) => setTimeout(resolve, 5));
			answered++;
			return json(textResponse('Hi'));
		});
		await gradient.run(FORM, { items: itemsOf(200) });
		expect(inFlight[0]).toBe(5);
		expect(server.peakInFlight).toBe(50);
	});

	test('the next execution begins where the last one was', async () => {
		const { server } = gradient;
		await gradient.run(FORM, { items: itemsOf(20) });
		server.answer(async () => {
			await server.until(() => server.inFlight >= 20);
			return json(textResponse('Hi'));
		});
		await gradient.run(FORM, { items: itemsOf(20) });
		expect(server.peakInFlight).toBe(20);
	});
});

test('The items of one run share kept-alive connections', async () => {
	await gradient.run(withRequestOptions({ maxConcurrentRequests: 2 }), { items: itemsOf(20) });
	expect(gradient.server.requests).toHaveLength(20);
	expect(gradient.server.connectionsOpened).toBe(2);
});

test('Requests start at least Delay Between Requests apart', async () => {
	const { server } = gradient;
	const began = performance.now();
	await gradient.run(withRequestOptions({ delayBetweenRequests: 150 }), { items: itemsOf(4) });
	expect(server.requests).toHaveLength(4);
	// no request arrives before it starts, so this holds on a busy machine too
	server.requests.forEach(({ receivedAt }, i) =>
		expect(receivedAt - began).toBeGreaterThanOrEqual(i * 150),
	);
});

test('Options of a request may differ by item', async () => {
	const requestOptions = { timeout: '={{ $json.i === 1 ? 30 : 0 }}' };
	gradient.server.answer(({ body }) =>
		json(textResponse('Hi'), { delayMs: (body as IDataObject).input === 'Item 1' ? 1000 : 0 }),
	);
	const nodeSettings = { onError: 'continueRegularOutput' as const };
	const options = { items: itemsOf(3), nodeSettings };
	const result = await gradient.run(withRequestOptions(requestOptions), options);
	expect(result.json(NODE).map(({ error }) => error)).toEqual([
		undefined,
		'No complete answer came within 0.03 s [item 1]',
		undefined,
	]);
});

test.each<[string, IDataObject, string]>([
	['no requests at once', { maxConcurrentRequests: 0 }, "'Max Concurrent Requests'"],
	['a negative number of retries', { maxRetries: -1 }, "'Max Retries'"],
	['a timeout in words', { timeout: '={{ "long" }}' }, "'Timeout'"],
	['a negative delay', { delayBetweenRequests: -5 }, "'Delay Between Requests'"],
])('%s is refused by the name of the field, and nothing is sent', async (_, options, field) => {
	const { error } = await gradient.run(withRequestOptions(options));
	expect(error?.message).toContain(`${field} must be a number of at least`);
	expect(gradient.server.requests).toEqual([]);
});
