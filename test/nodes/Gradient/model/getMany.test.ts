import type { IDataObject } from 'n8n-workflow';

import { json } from '../../../support/answers';
import { errorBodies } from '../../../support/errorBodies';
import { API_KEY, NODE, useGradient } from '../../../support/gradientNode';
import { models } from '../../../support/responses';

const gradient = useGradient();

const FORM: IDataObject = { resource: 'model', operation: 'getMany' };

const sorted = [...models.data].sort((a, b) => String(a.id).localeCompare(String(b.id)));
/** As they arrive: JSON has no undefined. */
const bodies = JSON.parse(JSON.stringify(sorted)) as IDataObject[];

test('Return All gives all models as the API describes them, sorted by ID', async () => {
	const result = await gradient.run({ ...FORM, returnAll: true });
	expect(result.json(NODE)).toEqual(bodies);
	expect(gradient.server.requests).toEqual([
		expect.objectContaining({ method: 'GET', path: '/v1/models' }),
	]);
	expect(gradient.server.requests[0].headers.authorization).toBe(`Bearer ${API_KEY}`);
});

test('Limit gives the first ones', async () => {
	const result = await gradient.run({ ...FORM, limit: 3 });
	expect(result.json(NODE)).toEqual(bodies.slice(0, 3));
});

test('Without a choice, up to 50 are given', async () => {
	const data = Array.from({ length: 60 }, (_, i) => ({ id: `model-${i + 100}`, object: 'model' }));
	gradient.server.answer(json({ object: 'list', data }));
	expect((await gradient.run(FORM)).json(NODE)).toEqual(data.slice(0, 50));
});

test('Each incoming item has its own list, and each model is linked to its item', async () => {
	const form = { ...FORM, limit: '={{ $json.limit }}' };
	const result = await gradient.run(form, { items: [{ limit: 1 }, { limit: 2 }] });
	expect(result.items(NODE)).toEqual([
		{ json: bodies[0], pairedItem: { item: 0 } },
		{ json: bodies[0], pairedItem: { item: 1 } },
		{ json: bodies[1], pairedItem: { item: 1 } },
	]);
});

test('An empty catalogue gives no items', async () => {
	gradient.server.answer(json({ object: 'list', data: [] }));
	const result = await gradient.run(FORM);
	expect(result.status).toBe('success');
	expect(result.items(NODE)).toEqual([]);
});

test.each([0, -1, '={{ "many" }}'])(
	'A limit of %s is refused, and nothing is sent',
	async (limit) => {
		const { error } = await gradient.run({ ...FORM, limit });
		expect(error?.message).toBe("'Limit' must be a number of at least 1 [item 0]");
		expect(gradient.server.requests).toEqual([]);
	},
);

test('A failure is shown in the words of the API', async () => {
	gradient.server.answer(errorBodies.unauthorized);
	const { error } = await gradient.run(FORM);
	expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	expect(error?.message).toBe('Unable to authenticate you. [item 0]');
});
