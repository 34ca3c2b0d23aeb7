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

const call = (name: string, id: string, args: object): FixtureFileResponse => ({
	toolCalls: [{ id, name, arguments: JSON.stringify(args) }],
});

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
		{ content: 'I am sorry, but we cannot refund this order.' },
	],
	[{ toolCallId: 'call_refund' }, { content: 'Your 89 euros are on their way back to you.' }],
	// classify-in-batch
	[{ userMessage: 'Battery died' }, classified('negative', ['product'], true)],
	[{ userMessage: 'Sound is great' }, classified('positive', ['product', 'delivery'], false)],
	[{ userMessage: 'hard to read' }, classified('neutral', ['product', 'documentation'], false)],
	// conversation-over-two-nodes
	[
		{ userMessage: 'why the sky is blue' },
		{
			content:
				'Sunlight holds all colours. The gases of the air scatter blue light, whose waves are short, far more than red light, so blue comes to us from every part of the sky.',
		},
	],
	[
		{ userMessage: 'for a child' },
		{ content: 'The air bounces the blue part of the sunlight all over the sky.' },
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
		{ content: 'Ada wants one of two payments for her May invoice back.' },
	],
	[
		{ userMessage: 'time zone' },
		{ content: 'Grace wants to know how to change the time zone of her account.' },
	],
	[
		{ userMessage: 'exported as PDF' },
		{ content: 'Edsger wants to export the charts of the dashboard as PDF.' },
	],
	[
		{ userMessage: 'site is down' },
		call('alert_on_call', 'call_alert', {
			summary: 'Error 502 on every page since 9:40',
			severity: 'critical',
		}),
	],
	// weather-tool-agent: the tools ask Open-Meteo, which is real
	[
		{ userMessage: 'umbrella', hasToolResult: false },
		call('Find_Place', 'call_place', { name: 'Lisbon' }),
	],
	[
		{ toolCallId: 'call_place' },
		call('Get_Forecast', 'call_forecast', { latitude: 38.72, longitude: -9.14 }),
	],
	[
		{ toolCallId: 'call_forecast' },
		{ content: 'The forecast is in the tool runs: a real model would now read it for you.' },
	],
];

const somethingElse = (from: string) => ({
	content: `This is aimock, a mock server, in the place of ${from}. It answers the examples, and this to everything else. For real answers, make a credential with your own key.`,
});

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
