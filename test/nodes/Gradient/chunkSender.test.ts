import { setImmediate } from 'node:timers/promises';
import type { IExecuteFunctions } from 'n8n-workflow';

import { ChunkSender } from '../../../nodes/Gradient/chunkSender';

/** A context with what the test gives it, and nothing else, as an n8n of another version has it. */
const contextWith = (members: object) => members as IExecuteFunctions;

const older = (type: string) => ({ isStreaming: () => true, getNode: () => ({ type }) });
const saysNo = { isToolExecution: () => false };

test.each<[string, object, boolean]>([
	['an n8n that cannot stream', {}, false],
	['a trigger that does not stream', { isStreaming: () => false }, false],
	['a trigger that streams, before n8n knew tool executions', older('x.gradient'), true],
	['an agent that uses the node as a tool, on such an n8n', older('x.gradientTool'), false],
	['a trigger that streams', { ...older('x.gradient'), ...saysNo }, true],
	[
		'an agent that leaves its tools to the engine',
		{ ...older('x.gradientTool'), ...saysNo },
		false,
	],
	[
		'an agent that uses the node as a tool',
		{ isStreaming: () => true, isToolExecution: () => true },
		false,
	],
])('Whether somebody listens is known with %s', (_who, members, expected) => {
	expect(ChunkSender.isListenedTo(contextWith(members))).toBe(expected);
});

test('Chunks go out one after the other, also where sending takes its time', async () => {
	const sent: string[] = [];
	let underWay = 0;
	const chat = new ChunkSender(
		contextWith({
			async sendChunk(type: string, item: number, text = '') {
				expect(++underWay).toBe(1);
				await setImmediate();
				sent.push(`${type} ${item} ${text}`.trim());
				underWay--;
			},
		}),
		[[0], [1]],
	);
	const [first, second] = [chat.turn(0), chat.turn(1)];
	second.begin();
	second.newParagraph()('later');
	second.end();
	first.begin();
	const say = first.newParagraph();
	say('so');
	say('oner');
	first.newParagraph()('and more');
	first.end();
	await chat.flush();

	expect(sent).toEqual([
		'begin 0',
		'item 0 sooner\n\nand more',
		'end 0',
		'begin 1',
		'item 1 later',
		'end 1',
	]);
});

test.each([
	[['Half an ans'], ['begin', 'item Half an ans', 'item \n\n', 'end']],
	[[], ['begin', 'end']],
])('After %j a failure stands by itself', async (texts, expected) => {
	const sent: string[] = [];
	const sendChunk = async (type: string, _item: number, text?: string) => {
		sent.push(text === undefined ? type : `${type} ${text}`);
	};
	const chat = new ChunkSender(contextWith({ sendChunk }), [[0]]);
	const turn = chat.turn(0);
	turn.begin();
	const say = turn.newParagraph();
	for (const text of texts) say(text);
	await chat.flush();
	turn.breakOff();
	turn.end();
	await chat.flush();
	expect(sent).toEqual(expected);
});
