import { hang } from '../support/answers';
import { rateLimited } from '../support/errorBodies';
import { API_KEY, TEXT, useGradient } from '../support/gradientNode';

const gradient = useGradient();

const TEN = Array.from({ length: 10 }, () => ({}));

test('Stop aborts the requests in flight and sends no more', async () => {
	const { server } = gradient;
	server.answer(hang());
	const run = gradient.start(TEXT, { items: TEN });
	await server.until(() => server.requests.length === 5);
	run.cancel();
	const result = await run.result;
	expect(result.status).toBe('canceled');
	await server.until(() => server.inFlight === 0);
	expect(server.requests.map(({ closedEarly }) => closedEarly)).toEqual(Array(5).fill(true));
	expect(JSON.stringify(result.run)).not.toContain(API_KEY);
});

test('Stop ends the wait before a retry', async () => {
	const { server } = gradient;
	server.answer(rateLimited({ 'retry-after': '50' }));
	const run = gradient.start(TEXT);
	await server.until(() => server.requests.length === 1 && server.inFlight === 0);
	run.cancel();
	expect((await run.result).status).toBe('canceled');
	expect(server.requests).toHaveLength(1);
});

test('Stop ends the wait between requests', async () => {
	const { server } = gradient;
	const form = { ...TEXT, requestOptions: { delayBetweenRequests: 50_000 } };
	const run = gradient.start(form, { items: TEN });
	await server.until(() => server.requests.length === 1 && server.inFlight === 0);
	run.cancel();
	expect((await run.result).status).toBe('canceled');
	expect(server.requests).toHaveLength(1);
});

test('Stop ends the run also where the node continues on fail', async () => {
	const { server } = gradient;
	server.answer(hang());
	const nodeSettings = { onError: 'continueRegularOutput' as const };
	const run = gradient.start(TEXT, { items: TEN, nodeSettings });
	await server.until(() => server.requests.length === 5);
	run.cancel();
	expect((await run.result).status).toBe('canceled');
	await server.until(() => server.inFlight === 0);
	expect(server.requests).toHaveLength(5);
});

test('Stop ends the list of models', async () => {
	const { server } = gradient;
	server.answer(hang());
	const run = gradient.start({ resource: 'model', operation: 'getMany' });
	await server.until(() => server.requests.length === 1);
	run.cancel();
	expect((await run.result).status).toBe('canceled');
	await server.until(() => server.inFlight === 0);
	expect(server.requests[0].closedEarly).toBe(true);
});
