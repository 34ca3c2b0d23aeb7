import { eventStream, json, raw } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { DONE, typedEvents } from '../support/streams';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

describe('The keys __proto__ and constructor change nothing', () => {
	const EVIL =
		'"__proto__":{"polluted":1,"text":"evil"},"constructor":{"prototype":{"polluted":1}}';
	const isClean = () => {
		expect(Object.keys(Object.prototype)).toEqual([]);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	};
	/** The JSON text of a value, with the evil keys in each of its objects. */
	const poisoned = (value: unknown) =>
		JSON.stringify(value)
			.replaceAll('{}', `{${EVIL}}`)
			.replace(/\{(?=")/g, `{${EVIL},`);

	test('in the body of an answer', async () => {
		gradient.server.answer(raw(poisoned(textResponse('Paris')), 'application/json'));
		const [item] = (await gradient.run(TEXT)).json(NODE);
		expect(item).toMatchObject({ text: 'Paris', status: 'completed' });
		const simplify = false;
		const [whole] = (await gradient.run({ ...TEXT, simplify })).json(NODE);
		expect(whole).toMatchObject({ status: 'completed', object: 'response' });
		isClean();
	});

	test('in the body of an error', async () => {
		gradient.server.answer(
			raw(poisoned({ error: { message: 'No' } }), 'application/json', { status: 400 }),
		);
		expect((await gradient.run(TEXT)).error?.message).toBe('No [item 0]');
		isClean();
	});

	test('in the events of a stream', async () => {
		const chunks = typedEvents(textResponse('Paris')).map(
			(event) => `data: ${poisoned(event)}\n\n`,
		);
		gradient.server.answer(eventStream([`data: {${EVIL}}\n\n`, ...chunks, DONE]));
		const form = { ...TEXT, options: { stream: 'on' } };
		expect((await gradient.run(form)).json(NODE)[0]).toMatchObject({ text: 'Paris' });
		isClean();
	});

	test('in the arguments of a call, which the tool gets as they are', async () => {
		const given: unknown[] = [];
		const tools = {
			Weather: () => ({
				...echoTool('get_weather'),
				invoke: (args: unknown) => {
					given.push(args);
					return JSON.parse(`{${EVIL}}`) as unknown;
				},
			}),
		};
		const call = functionCall('get_weather', `{"city":"Paris",${EVIL}}`);
		gradient.server.answer([json(responseOf([call])), json(textResponse('Done'))]);
		const result = await startWithTools(gradient, TEXT, { tools }).result;
		expect(result.json(NODE)[0]).toMatchObject({ text: 'Done' });
		const [args] = given as [{ city: string; polluted?: number }];
		expect([args.city, args.polluted]).toEqual(['Paris', undefined]);
		isClean();
	});

	test('in the JSON of the form', async () => {
		const tools = {
			tool: [
				{
					type: 'function',
					name: 'f',
					parametersMode: 'schema',
					parametersSchema: `{"type":"object","properties":{${EVIL}}}`,
				},
			],
		};
		const options = { additionalFields: `{${EVIL},"seed":7}` };
		const body = await gradient.bodyOf({
			...TEXT,
			inputType: 'json',
			inputJson: `[{"role":"user","content":"Hi",${EVIL}}]`,
			tools,
			options,
		});
		expect(body.seed).toBe(7);
		expect(body).not.toHaveProperty('polluted');
		expect(JSON.stringify(body.tools)).toContain('{"__proto__":{"polluted":1,');
		isClean();
	});
});
