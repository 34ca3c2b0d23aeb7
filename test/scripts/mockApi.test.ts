/** The mock server of `npm run n8n` answers what the examples ask it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { startMockApi } from '../../scripts/n8n/mockApi';
import type { Aimock } from '../support/aimock';
import { type WorkflowDefinition, runExportedWorkflow } from '../support/engine';
import { useGradient } from '../support/gradientNode';

const gradient = useGradient();

let mock: Aimock;
beforeAll(async () => (mock = await startMockApi()));
afterAll(async () => await mock.close());

test('A picture is described', async () => {
	const file = path.resolve(__dirname, '../../examples/describe-picture.json');
	const result = await runExportedWorkflow(
		JSON.parse(readFileSync(file, 'utf8')) as WorkflowDefinition,
		{
			loader: gradient.loader,
			credentials: { gradientApi: { apiKey: 'none', baseUrl: mock.url } },
		},
	).result;
	expect(result.json('Describe')[0].text).toMatch(/The green one is the highest/);
	expect(JSON.stringify(mock.requests.at(-1)?.body)).toContain('"type":"input_image"');
});
