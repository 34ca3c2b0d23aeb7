/** Many calls in one answer: most models never make them, some servers do. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { refusals } from '../support/strictHistory';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

test('Of 100 calls in one answer 64 are run, five at a time, and the model is told of the rest', async () => {
	const names = Array.from({ length: 100 }, (_, index) => `tool_${index}`);
	let running = 0;
	let peak = 0;
	const invoke = async () => {
		peak = Math.max(peak, ++running);
		await new Promise((resolve) => setImmediate(resolve));
		running--;
		return 'Ok';
	};
	const calls = names.map((name) => functionCall(name, '{}', name));
	gradient.server.answer([json(responseOf(calls)), json(textResponse('Done'))]);
	const tools = Object.fromEntries(names.map((name) => [name, () => echoTool(name, { invoke })]));
	const result = await startWithTools(gradient, TEXT, { tools }).result;
	const runs = result.json(NODE)[0].tool_runs as IDataObject[];
	expect(runs.filter(({ error }) => !error)).toHaveLength(64);
	expect(peak).toBe(5);
	const { input } = gradient.server.bodies[1];
	expect(refusals(input)).toEqual([]);
	expect((input as IDataObject[]).slice(-36)).toEqual(
		names.slice(64).map((name) => ({
			type: 'function_call_output',
			call_id: name,
			output:
				'Error: Only 64 calls of one answer are run, so this one was not. Call the tool again if it is still needed',
		})),
	);
});

test('9,000 calls of one id are told apart, and answered', async () => {
	const calls = Array.from({ length: 9_000 }, () => functionCall('tool', '{}', 'call_0'));
	gradient.server.answer([json(responseOf(calls)), json(textResponse('Done'))]);
	const tools = { Tool: () => echoTool('tool') };
	const result = await startWithTools(gradient, TEXT, { tools }).result;
	expect(result.json(NODE)[0].text).toBe('Done');
	expect(refusals(gradient.server.bodies[1].input)).toEqual([]);
});
