/** aimock with an answer for each example, and one for everything else. */
import type { FixtureFileResponse, FixtureMatch } from '@copilotkit/aimock';

import { type Aimock, startAimock } from '../../test/support/aimock';

const MODELS = [
	'openai-gpt-oss-20b',
	'openai-gpt-oss-120b',
	'kimi-k2.6',
	'llama3.3-70b-instruct',
	'deepseek-v4-pro',
];

/** Tokens as many as a real model would need, roughly: four characters each, and a prompt of some length. */
const usageOf = (said: string) => {
	const output_tokens = Math.max(1, Math.ceil(said.length / 4));
	return { input_tokens: 96, output_tokens, total_tokens: 96 + output_tokens };
};

const call = (name: string, id: string, args: object): FixtureFileResponse => {
	const said = JSON.stringify(args);
	return { toolCalls: [{ id, name, arguments: said }], usage: usageOf(said) };
};

const say = (content: string): FixtureFileResponse => ({ content, usage: usageOf(content) });

const classified = (sentiment: string, topics: string[], needs_reply: boolean) =>
	call('classify', 'call_classify', { sentiment, topics, needs_reply });

const forExamples: Array<[FixtureMatch, FixtureFileResponse]> = [
	// approve-tool-calls
	[
		{ userMessage: 'A-1043', hasToolResult: false },
		call('refund_order', 'call_refund', { order_id: 'A-1043', amount: 89 }),
	],
	[
		{ toolCallId: 'call_refund', toolResultContains: 'declined' },
		say('I am sorry, but we cannot refund this order.'),
	],
	[{ toolCallId: 'call_refund' }, say('Your 89 euros are on their way back to you.')],
	// classify-in-batch
	[{ userMessage: 'Battery died' }, classified('negative', ['product'], true)],
	[{ userMessage: 'Sound is great' }, classified('positive', ['product', 'delivery'], false)],
	[{ userMessage: 'hard to read' }, classified('neutral', ['product', 'documentation'], false)],
	// conversation-over-two-nodes
	[
		{ userMessage: 'why the sky is blue' },
		say(
			'Sunlight holds all colours. The gases of the air scatter blue light, whose waves are short, far more than red light, so blue comes to us from every part of the sky.',
		),
	],
	[
		{ userMessage: 'for a child' },
		say('The air bounces the blue part of the sunlight all over the sky.'),
	],
	// describe-picture: aimock sees the prompt only, so this is true of the picture of the example and no other
	[
		{ userMessage: 'bars are in this picture' },
		{
			content:
				'Three bars on a white ground: a red one, a green one and a blue one. The green one is the highest, the red one the lowest.',
		},
	],
	// triage-support-tickets
	[
		{ userMessage: 'charged twice' },
		say('Ada wants one of two payments for her May invoice back.'),
	],
	[
		{ userMessage: 'time zone' },
		say('Grace wants to know how to change the time zone of her account.'),
	],
	[
		{ userMessage: 'exported as PDF' },
		say('Edsger wants to export the charts of the dashboard as PDF.'),
	],
	[
		{ userMessage: 'site is down' },
		call('alert_on_call', 'call_alert', {
			summary: 'Error 502 on every page since 9:40',
			severity: 'critical',
		}),
	],
	// weather-tool-agent and chat-agent: the tools ask Open-Meteo, which is real
	[
		{ toolCallId: 'call_place' },
		call('Get_Forecast', 'call_forecast', { latitude: 38.72, longitude: -9.14 }),
	],
	[
		{ toolCallId: 'call_forecast' },
		say('The tools have found Lisbon and its forecast: a real model would now read it for you.'),
	],
	[
		{ toolCallId: 'call_day_after' },
		say('The tools have the forecast again: a real model would now say how the day after is.'),
	],
	[
		{ userMessage: 'day after' },
		call('Get_Forecast', 'call_day_after', { latitude: 38.72, longitude: -9.14 }),
	],
	[
		{ userMessage: /umbrella|rain in Lisbon/ },
		call('Find_Place', 'call_place', { name: 'Lisbon' }),
	],
	// many-items-in-batches
	[{ userMessage: 'two days early' }, say('Fast, careful delivery')],
	[{ userMessage: 'handle broke' }, say('Handle broke early')],
	[{ userMessage: 'only in English' }, say('Manual lacks languages')],
	[{ userMessage: 'buy it again' }, say('Would buy again')],
	[{ userMessage: 'Too loud' }, say('Too much noise')],
	[{ userMessage: 'within an hour' }, say('Quick, helpful support')],
	[{ userMessage: 'darker than' }, say('Colour looks different')],
];

const somethingElse = (from: string) =>
	say(
		`This is aimock, a mock server, in the place of ${from}. It answers the examples, and this to everything else. For real answers, make a credential with your own key.`,
	);

/** Starts aimock on a free port of 127.0.0.1. */
export async function startMockApi(): Promise<Aimock> {
	const aimock = await startAimock();
	for (const [match, response] of forExamples) aimock.on(match, response);
	// the models of the fixtures are what aimock lists
	for (const model of MODELS) aimock.on({ model, userMessage: /^/ }, somethingElse(model));
	aimock.on({ userMessage: /^/ }, somethingElse('the model'));
	aimock.on({}, somethingElse('the model'));
	return aimock;
}
