/** A function is named in the form that the server reads: each known form is some server's only one. */
import type { IDataObject } from 'n8n-workflow';

import type { ResponseCreateParams } from '../../../../nodes/shared/client';
import {
	formOf,
	inForm,
	isChoiceRefused,
	nameOfChoice,
} from '../../../../nodes/shared/client/response/namedChoice';
import { GradientApiError } from '../../../../nodes/shared/client/errors';
import { json } from '../../../support/answers';
import { failureOf, once, useServer } from './support';

const bench = useServer();

const NESTED = { type: 'function', function: { name: 'get_weather' } };
const FLAT = { type: 'function', name: 'get_weather' };

/** What is remembered of a server is remembered for a model: each test has its own. */
let models = 0;
let model: string;
beforeEach(() => (model = `choosing-${++models}`));

const refuse = (message: string, param: string | null = 'tool_choice') =>
	json({ error: { message, type: 'BadRequestError', param, code: 400 } }, { status: 400 });

/** vLLM 0.32, in its words, where it does not read the choice. */
const likeVllm = () =>
	bench.server.answer(({ body }) => {
		const { tool_choice: choice } = body as { tool_choice: IDataObject };
		return choice && !choice.name
			? refuse("Tool choice 'function' not found in 'tools' parameter. (parameter=tool_choice)")
			: undefined;
	});

/** Reads the documented form only. */
const likeReference = () =>
	bench.server.answer(({ body }) => {
		const { tool_choice: choice } = body as { tool_choice: IDataObject };
		return choice && !choice.function
			? refuse("Missing required parameter: 'tool_choice.function'", 'tool_choice.function')
			: undefined;
	});

const ask = async (choice: unknown, more: object = {}) =>
	await bench
		.client()
		.createResponse(
			{ model, input: 'Hi', tool_choice: choice, ...more } as ResponseCreateParams,
			once,
		);

const sent = () => bench.server.bodies.map(({ tool_choice: choice }) => choice);

test('The documented form is sent, and stays where it is taken', async () => {
	await ask(NESTED);
	await ask(NESTED);
	expect(sent()).toEqual([NESTED, NESTED]);
});

test('Where a refusal names tool_choice, the flat form is sent once, and from then on at once', async () => {
	likeVllm();
	expect((await ask(NESTED)).text).toBe('Echo: Hi');
	await ask(NESTED);
	expect(sent()).toEqual([NESTED, FLAT, FLAT]);
});

test('The other way round where only the documented form is taken', async () => {
	likeReference();
	await ask(FLAT);
	await ask(FLAT);
	expect(sent()).toEqual([FLAT, NESTED, NESTED]);
});

test('What is remembered holds for that model only, and is unlearnt when the server changes', async () => {
	likeVllm();
	await ask(NESTED);
	model += '-other';
	await ask(NESTED);
	likeReference();
	await ask(NESTED);
	await ask(NESTED);
	expect(sent()).toEqual([NESTED, FLAT, NESTED, FLAT, FLAT, NESTED, NESTED]);
});

test('A choice that holds both forms, or names nothing, is sent once', async () => {
	bench.server.answer(() => refuse('tool_choice is not supported'));
	for (const choice of [{ ...NESTED, ...FLAT }, 'required', 'auto']) await failureOf(ask(choice));
	expect(bench.server.requests).toHaveLength(3);
});

test('Where both are refused, it fails in the words that name the function, and nothing is remembered', async () => {
	bench.server.answer(({ body }) => {
		const { tool_choice: choice } = body as { tool_choice: IDataObject };
		const found = choice.name ? 'get_weather' : 'function';
		return refuse(`Tool choice '${found}' not found in 'tools' parameter.`);
	});
	const error = await failureOf(ask(NESTED));
	expect(error.message).toContain("'get_weather'");
	bench.server.reset();
	await ask(NESTED);
	expect(sent()).toEqual([NESTED]);
});

test('Other fields of the choice go along', async () => {
	likeVllm();
	await ask({ ...NESTED, strictly: true });
	expect(sent()[1]).toEqual({ ...FLAT, strictly: true });
});

test('A conversation that is refused beside it is conceded too', async () => {
	const phase = { type: 'message', role: 'assistant', content: 'Hm', phase: 'commentary' };
	bench.server.answer(({ body }) => {
		const { tool_choice: choice, input } = body as {
			tool_choice: IDataObject;
			input: IDataObject[];
		};
		if (!choice.name) return refuse("Tool choice 'function' not found");
		const isKnown = input.every((item) => !('phase' in item));
		return isKnown ? undefined : refuse("Unknown parameter: 'input[1].phase'.", 'input[1].phase');
	});
	const input = [{ role: 'user', content: 'Hi' }, phase, { role: 'user', content: 'Go on' }];
	expect((await ask(NESTED, { input })).text).toBe('Echo: Go on');
	expect(bench.server.requests).toHaveLength(3);
	await ask(NESTED, { input });
	expect(bench.server.requests).toHaveLength(4);
});

test.each<[string, number, string | undefined, unknown, boolean]>([
	["Tool choice 'function' not found in 'tools' parameter", 400, 'tool_choice', {}, true],
	["Unknown parameter: 'tool_choice.function'.", 400, 'tool_choice.function', {}, true],
	['tool_choice is of a wrong type', 400, undefined, {}, true],
	['Field required', 422, undefined, { detail: [{ loc: ['body', 'tool_choice', 'name'] }] }, true],
	['Field required', 422, undefined, { detail: [{ loc: ['body', 'input', 0] }] }, false],
	['The tool_choice is fine, but the input is not', 400, 'input[0]', {}, false],
	['tool_choice is not available for your account', 403, undefined, {}, false],
	['Invalid', 400, 'body.tool_choice', {}, true],
	['Invalid', 400, "body['tool_choice']", {}, true],
	["Invalid 'tool_choice'", 400, 'tools[0].tool_choice', {}, false],
	["Invalid 'tool_choice'", 400, 'tool_choices', {}, false],
	['Invalid tool choice', 400, undefined, undefined, true],
	['Invalid', 400, undefined, undefined, false],
	['Invalid', 400, undefined, null, false],
	['Invalid', 422, undefined, { detail: 'tool_choice' }, false],
])(
	'A refusal is about the choice by its place, or its words: %s (%i)',
	(said, status, parameter, body, isMeant) => {
		const error = new GradientApiError(said, { kind: 'http', status, parameter, body });
		expect(isChoiceRefused(error)).toBe(isMeant);
	},
);

test.each<[unknown, string | undefined, string | undefined]>([
	[NESTED, 'nested', 'get_weather'],
	[FLAT, 'flat', 'get_weather'],
	[{ ...NESTED, ...FLAT }, undefined, 'get_weather'],
	[{ type: 'function', function: { name: 7 } }, 'nested', undefined],
	[{ type: 'function', name: 7 }, undefined, undefined],
	[{ type: 'web_search' }, undefined, undefined],
	['auto', undefined, undefined],
	[undefined, undefined, undefined],
	[null, undefined, undefined],
])('The choice %j is %s, and names %s', (choice, form, name) => {
	expect(formOf(choice)).toBe(form);
	expect(nameOfChoice(choice)).toBe(name);
});

test('What has the form already, or names nothing, stays as it is', () => {
	const both = { ...NESTED, ...FLAT };
	for (const choice of [FLAT, both, 'auto', undefined, null]) {
		expect(inForm(choice, 'flat')).toBe(choice);
	}
	expect(inForm(NESTED, 'nested')).toBe(NESTED);
	expect(inForm(both, 'nested')).toBe(both);
});
