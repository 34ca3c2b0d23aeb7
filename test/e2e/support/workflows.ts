/** Small builders of workflows, as the editor would save them. */
import { randomUUID } from 'node:crypto';
import type { IConnections, IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { MODEL } from './gradient';

export const MANUAL_TRIGGER = 'n8n-nodes-base.manualTrigger';
export const CHAT_TRIGGER = '@n8n/n8n-nodes-langchain.chatTrigger';
export const GRADIENT = 'n8n-nodes-digitalocean-gradient.gradient';
export const CHAT_MODEL = 'n8n-nodes-digitalocean-gradient.lmChatGradient';

/** What `createCredential` returned. */
export interface CredentialLink {
	id: string;
	name: string;
}

export interface NewWorkflow {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IDataObject;
}

export function node(
	name: string,
	type: string,
	parameters: IDataObject = {},
	more: Partial<INode> = {},
): INode {
	return {
		id: randomUUID(),
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters as INodeParameters,
		...more,
	};
}

export const manualTrigger = (name = 'Start') => node(name, MANUAL_TRIGGER);

/** The Gradient node as a new one, with the model picked by ID. What is left out has its default. */
export const gradientNode = (
	parameters: IDataObject,
	credential: CredentialLink,
	more: Partial<INode> = {},
): INode =>
	node(
		more.name ?? 'Gradient',
		GRADIENT,
		{ model: { __rl: true, mode: 'id', value: MODEL }, ...parameters },
		{ typeVersion: 1.1, credentials: { gradientApi: credential }, position: [300, 0], ...more },
	);

export interface Link {
	from: string;
	to: string;
	/** main, ai_tool, ai_languageModel, … */
	type?: string;
	output?: number;
	input?: number;
}

/** Connections, from names: `connect(['Start', 'Gradient'], { from: 'Code', to: 'Gradient', type: 'ai_tool' })`. */
export function connect(...links: Array<Link | string[]>): IConnections {
	const connections: IConnections = {};
	const flat = links.flatMap((link) => (Array.isArray(link) ? pairs(link) : [link]));
	for (const { from, to, type = 'main', output = 0, input = 0 } of flat) {
		const outputs = ((connections[from] ??= {})[type] ??= []);
		while (outputs.length <= output) outputs.push([]);
		(outputs[output] ??= []).push({ node: to, type: type as 'main', index: input });
	}
	return connections;
}

const pairs = (names: string[]): Link[] => names.slice(1).map((to, i) => ({ from: names[i], to }));
