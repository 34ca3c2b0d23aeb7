/** n8n with the chat model and a server for it: for the tests of one file. */
import { randomUUID } from 'node:crypto';
import type { IDataObject, INode } from 'n8n-workflow';

import type { Aimock } from '../../support/aimock';
import type { Answer } from '../../support/answers';
import type { SeenRequest } from '../../support/gradientServer';
import { portOf } from './aiNodes';
import type { Execution } from './execution';
import { KEY, startAimock, startGradientServer, type GradientStandIn } from './gradient';
import { startN8n, type N8n } from './n8n';
import { connect, manualTrigger, type CredentialLink, type Link } from './workflows';

class Bench {
	gradient!: GradientStandIn;
	aimock!: Aimock;
	n8n!: N8n;
	/** Of the two servers. */
	ours!: CredentialLink;
	theirs!: CredentialLink;

	/** A root node with its sub-nodes, behind a trigger. */
	async create(
		root: INode,
		subNodes: INode[],
		trigger = manualTrigger(),
		name = `Chat model ${randomUUID()}`,
	): Promise<string> {
		let models = 0;
		const links = subNodes.map((subNode): Link => {
			const port = portOf(subNode);
			const input = port === 'ai_languageModel' ? models++ : 0;
			return { from: subNode.name, to: root.name, type: port, input };
		});
		return await this.n8n.createWorkflow({
			name,
			nodes: [trigger, root, ...subNodes],
			connections: connect([trigger.name, root.name], ...links),
		});
	}

	async run(root: INode, ...subNodes: INode[]): Promise<Execution> {
		return await this.n8n.run(await this.create(root, subNodes));
	}

	/** Answers posts only: the editor may look for models. */
	answer(script: (request: SeenRequest, index: number) => Answer | undefined) {
		let posts = 0;
		this.gradient.server.answer((request) =>
			request.method === 'POST' ? script(request, posts++) : undefined,
		);
	}
}

/** @param name of n8n's log file */
export function useChatModel(name: string): Bench {
	const bench = new Bench();
	beforeAll(async () => {
		bench.gradient = await startGradientServer();
		const aimock = await startAimock();
		bench.aimock = aimock;
		bench.n8n = await startN8n({ name });
		bench.ours = await bench.n8n.createCredential(
			'gradientApi',
			'Server',
			bench.gradient.credential,
		);
		bench.theirs = await bench.n8n.createCredential('gradientApi', 'Aimock', aimock.credential);
	});
	beforeEach(() => {
		bench.gradient.server.reset();
		bench.gradient.server.requireKey(KEY);
		bench.aimock.reset();
	});
	afterAll(async () => {
		await bench.n8n?.stop();
		await bench.aimock?.close();
		await bench.gradient?.close();
	});
	return bench;
}

/** As a fixture of aimock says it. */
export const tokens = (input_tokens: number, output_tokens: number) => ({
	input_tokens,
	output_tokens,
	total_tokens: input_tokens + output_tokens,
});

export const inputOf = (request: { body?: unknown }) =>
	(request.body as { input: Array<IDataObject & { role?: string }> }).input;
