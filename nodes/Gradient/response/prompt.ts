import type { IExecuteFunctions } from 'n8n-workflow';

import { nodeOf, perExecution } from '../../shared/host/perExecution';
import { readParameter } from '../../shared/host/readParameter';
import { isFirstVersion } from '../version';
import { linkedItem } from './linkedItem';

/** The prompt for an item; where the field is left empty, what was said in the chat that the item comes from. */
export function readPrompt(context: IExecuteFunctions, item: number): unknown {
	const prompt = readParameter(context, 'prompt', item, '');
	const { prompt: raw = '' } = nodeOf(context).parameters;
	// an expression that finds nothing is a mistake, which the chat's text would hide
	return raw === '' && !isFirstVersion(context) ? (chatText(context, item) ?? prompt) : prompt;
}

const CHAT_TRIGGER = /^@n8n\/n8n-nodes-langchain\.(manualC|c)hatTrigger$/;

const chatTriggers = perExecution((context: IExecuteFunctions) =>
	context
		.getParentNodes(nodeOf(context).name)
		.filter(({ type, disabled }) => CHAT_TRIGGER.test(type) && !disabled)
		.map(({ name }) => name),
);

function chatText(context: IExecuteFunctions, item: number): unknown {
	const triggers = chatTriggers(context);
	if (triggers.length === 0) return undefined;
	const own: unknown = context.getInputData()[item]?.json.chatInput;
	if (own !== undefined) return own;
	for (const trigger of triggers) {
		const text = linkedItem(context, item, trigger)?.chatInput;
		if (text !== undefined) return text;
	}
	return undefined;
}

/** Fields whose text is for the model, by their names in the form. */
const TEXTS = { prompt: 'Prompt', instructions: 'Instructions' };

/** What n8n's editor does not say: an expression in a field that is Fixed is sent as it is typed. */
export function describeFixed(context: IExecuteFunctions, isTextInput: boolean): string[] {
	const { parameters } = nodeOf(context);
	return Object.entries(TEXTS)
		.filter(([name]) => isTextInput || name !== 'prompt')
		.filter(([name]) => isFixedExpression(parameters[name]))
		.map(
			([, label]) =>
				`'${label}' has {{ }} in it, and is sent as it stands, because the field is Fixed. Switch it to Expression, above the field on the right`,
		);
}

const isFixedExpression = (raw: unknown) =>
	typeof raw === 'string' && !raw.startsWith('=') && /\{\{[^]*?\}\}/.test(raw);
