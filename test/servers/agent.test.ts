/**
 * n8n's own AI Agent on the chat model, and behind it the server that run.mts has started. Needs the n8n of
 * test/e2e; where that is not installed, jest.config.js leaves this file out.
 */
import type { IDataObject, INode } from 'n8n-workflow';

import { AGENT, agent, calculator, memory, portOf } from '../e2e/support/aiNodes';
import { startN8n, type N8n } from '../e2e/support/n8n';
import {
	CHAT_MODEL,
	connect,
	manualTrigger,
	node,
	type CredentialLink,
} from '../e2e/support/workflows';
import { AFTER, NO, YES } from './cases/words';
import { ServerBench, directLine } from './support/bench';
import { chatModelForm } from './support/chatModel';
import { serverUnderTest } from './support/serverUnderTest';

const { facts, baseUrl, apiKey } = serverUnderTest();
const bench = new ServerBench(facts, directLine(baseUrl), apiKey);

let n8n: N8n;
let credential: CredentialLink;
beforeAll(async () => {
	n8n = await startN8n({ name: `n8n-${facts.name}` });
	credential = await n8n.createCredential('gradientApi', 'Server', bench.credential);
});
afterAll(async () => await n8n?.stop());

/** What comes out of agents that ask this, one after the other, each with all sub-nodes. */
async function ask(prompts: string[], subNodes: INode[], form: IDataObject = {}) {
	const agents = prompts.map((prompt, index) => ({
		...agent(prompt, form),
		name: `Agent ${index + 1}`,
	}));
	const model = node('Chat Model', CHAT_MODEL, chatModelForm(bench, { prompt: '' }), {
		credentials: { gradientApi: credential },
	});
	const trigger = manualTrigger();
	const links = [model, ...subNodes].flatMap((subNode) =>
		agents.map(({ name }) => ({ from: subNode.name, to: name, type: portOf(subNode) })),
	);
	const workflow = await n8n.createWorkflow({
		name: prompts.join(', '),
		nodes: [trigger, ...agents, model, ...subNodes],
		connections: connect([trigger.name, ...agents.map(({ name }) => name)], ...links),
	});
	const execution = await n8n.run(workflow);
	expect(execution.error?.message).toBeUndefined();
	return agents.map(({ name }) => execution.json(name)[0].output);
}

describe(`n8n's agent on ${facts.name} (${facts.software} ${facts.version})`, () => {
	const SEEN = 'do you see [[say calculator]]';

	test('calls a tool, and its memory is read by the next agent', async () => {
		const said = await ask(['say calculator', SEEN], [calculator(), memory('one session')]);
		expect(said).toEqual([AFTER, YES]);
	});

	test('remembers nothing without a memory', async () => {
		expect(await ask(['say calculator', SEEN], [calculator()])).toEqual([AFTER, NO]);
	});

	test('gives structured output', async () => {
		const parser = node(
			'Parser',
			AGENT.replace(/agent$/, 'outputParserStructured'),
			{ jsonSchemaExample: '{ "city": "Paris", "temp": 20 }' },
			{ typeVersion: 1.3 },
		);
		const said = await ask(['say finaljson'], [parser], { hasOutputParser: true });
		expect(said).toEqual([{ city: 'Paris', temp: 21 }]);
	});
});
