/** n8n's own AI nodes, and the chat model of this package, as a user sets them up. */
import type { IDataObject, INode } from 'n8n-workflow';

import { MODEL } from './gradient';
import { CHAT_MODEL, node, type CredentialLink } from './workflows';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
export const AGENT = `${LANGCHAIN}.agent`;

/** The chat model of this package. */
export const model = (credential: CredentialLink, form: IDataObject = {}, name = 'Chat Model') =>
	node(
		name,
		CHAT_MODEL,
		{ model: { __rl: true, mode: 'id', value: MODEL }, ...form },
		{ credentials: { gradientApi: credential } },
	);

export const agent = (text: string, more: IDataObject = {}) =>
	node('Agent', AGENT, { promptType: 'define', text, ...more }, { typeVersion: 3.1 });

export const chain = (text: string, more: IDataObject = {}) =>
	node(
		'Chain',
		`${LANGCHAIN}.chainLlm`,
		{ promptType: 'define', text, ...more },
		{ typeVersion: 1.9 },
	);

export const calculator = () => node('Calculator', `${LANGCHAIN}.toolCalculator`);

export const wordCounter = () =>
	node(
		'Word_Counter',
		`${LANGCHAIN}.toolCode`,
		{
			description: 'Counts the words of a text',
			jsCode: 'return String(query.split(" ").length)',
		},
		{ typeVersion: 1.3 },
	);

export const memory = (sessionKey: string) =>
	node(
		'Memory',
		`${LANGCHAIN}.memoryBufferWindow`,
		{ sessionIdType: 'customKey', sessionKey },
		{ typeVersion: 1.3 },
	);

export const parser = () =>
	node(
		'Parser',
		`${LANGCHAIN}.outputParserStructured`,
		{ jsonSchemaExample: '{ "city": "Paris", "population": 2000000 }' },
		{ typeVersion: 1.3 },
	);

const PORTS: Record<string, string> = {
	lmChatGradient: 'ai_languageModel',
	toolCalculator: 'ai_tool',
	toolCode: 'ai_tool',
	memoryBufferWindow: 'ai_memory',
	outputParserStructured: 'ai_outputParser',
};

/** The connector of the root node that a sub-node belongs to. */
export const portOf = ({ type }: INode): string => PORTS[type.split('.').at(-1) ?? ''];
