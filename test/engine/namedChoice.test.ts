/** A function that is named as the tool choice, on servers that read either of the two forms. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { withModel } from '../support/chatModel';
import { NODE, TEXT, byId, useGradient } from '../support/gradientNode';
import { functionCall, responseOf } from '../support/responses';

const gradient = useGradient();

/** What a server reads is remembered for a model. */
let models = 0;
let model: IDataObject;
beforeEach(() => (model = byId(`choosing-${++models}`)));

/** As vLLM 0.32 does it. */
const readsFlat = () =>
	gradient.server.answer(({ body }) => {
		const { tool_choice: choice } = body as { tool_choice: IDataObject };
		const message = "Tool choice 'function' not found in 'tools' parameter.";
		const error = { message, type: 'BadRequestError', param: 'tool_choice', code: 400 };
		const answer = responseOf([functionCall(String(choice.name), '{"city":"Oslo"}', 'call_1')]);
		return choice.name ? json(answer) : json({ error }, { status: 400 });
	});

const sent = () => gradient.server.bodies.map(({ tool_choice: choice }) => choice as IDataObject);
const nested = (name: string) => ({ type: 'function', function: { name } });

test("'Tool Choice' of the form comes through, and no item asks twice after the first", async () => {
	readsFlat();
	const toolChoice = { choice: { mode: 'function', functionName: 'get_weather' } };
	const tools = { tool: [{ type: 'function', name: 'get_weather', parametersMode: 'none' }] };
	const form = { ...TEXT, model, tools, options: { toolChoice } };
	const run = await gradient.run(
		{ ...form, requestOptions: { maxConcurrentRequests: 1 } },
		{ items: [{}, {}, {}] },
	);
	expect(run.json(NODE).map(({ tool_calls: calls }) => (calls as IDataObject[])[0].name)).toEqual(
		Array(3).fill('get_weather'),
	);
	const flat = { type: 'function', name: 'get_weather' };
	expect(sent()).toEqual([nested('get_weather'), flat, flat, flat]);
	expect(run.hints(NODE)).toEqual([]);
});

test("So does the chat model's own, by which a chain gets its object", async () => {
	readsFlat();
	const schema = { title: 'place', type: 'object', properties: { city: { type: 'string' } } };
	const place = await withModel(
		gradient,
		async (chatModel) => await chatModel.withStructuredOutput(schema).invoke('Where?'),
		{ model },
	);
	expect(place).toEqual({ city: 'Oslo' });
	const [{ name }] = sent().slice(-1);
	expect(sent()).toEqual([nested(String(name)), { type: 'function', name }]);
});
