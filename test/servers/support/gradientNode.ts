/** Asks with the Gradient node, and says what its user sees. */
import type { IDataObject } from 'n8n-workflow';

import type { WorkflowRun } from '../../support/engine';
import { NODE, type GradientRun, byId } from '../../support/gradientNode';
import { startWithTools } from '../../support/toolNodes';
import type { ServerBench } from './bench';
import { type Outcome, callOf, failed, inOneLine } from './outcome';
import type { Question } from './question';
import { weatherTool } from './tools';

/** As under a Webhook or Chat Trigger whose response mode is Streaming. */
export const LISTENED: GradientRun = { mode: 'webhook', streaming: true };

/** As many rounds as any script has. */
const MAX_TOOL_ITERATIONS = 12;

/** The form that asks this; not streamed is said, as a server may stream unasked. */
export function formOf(bench: ServerBench, question: Question, streamed: boolean): IDataObject {
	const { prompt, form, options = {}, thinks = false, model = bench.facts.model } = question;
	return {
		model: byId(model),
		inputType: 'text',
		prompt,
		...form,
		options: bench.options(
			{ stream: streamed ? 'auto' : 'off', includeInOutput: ['conversation'], ...options },
			thinks,
		),
		requestOptions: {
			maxToolIterations: MAX_TOOL_ITERATIONS,
			maxRetries: 0,
			...(form?.requestOptions as IDataObject | undefined),
		},
	};
}

export async function askGradient(
	bench: ServerBench,
	question: Question,
	streamed: boolean,
): Promise<Outcome> {
	const ran: string[] = [];
	const form = formOf(bench, question, streamed);
	const { credential } = question;
	const options = { ...(streamed && LISTENED), ...(credential && { credential }) };
	const run = question.hasTool
		? startWithTools(bench, form, { tools: { Weather: () => weatherTool(ran) }, ...options })
		: bench.start(form, options);
	return {
		...(await outcomeOf(run)),
		ran,
		requests: bench.requests,
		...(!streamed && { said: null }),
	};
}

/** What the first item of a run says. */
export async function outcomeOf(run: WorkflowRun): Promise<Outcome> {
	const result = await run.result;
	const said = inOneLine(run.chunks.map(({ content }) => content ?? '').join(''));
	if (result.error) return { ...NOTHING, said, error: failed(result.error) };
	const [item] = result.json(NODE) as unknown as Item[];
	return {
		...NOTHING,
		steps: item.conversation.flatMap(stepsOf),
		text: item.text,
		reasoning: item.reasoning ?? null,
		finishReason: item.finish_reason,
		calls: (item.tool_calls ?? []).map((call) => callOf(call.name, call.args)),
		said,
		hints: result.hints(NODE).map(({ message }) => message),
	};
}

/** The conversation of a run that went well, for the next turn. */
export async function conversationOf(run: WorkflowRun): Promise<IDataObject[]> {
	const [item] = (await run.result).json(NODE);
	return item.conversation as IDataObject[];
}

export const NOTHING: Outcome = {
	steps: [],
	text: null,
	reasoning: null,
	finishReason: null,
	calls: [],
	ran: [],
	said: null,
	hints: [],
	error: null,
	requests: 0,
};

interface Item {
	text: string;
	reasoning?: string | null;
	finish_reason: string | null;
	tool_calls?: Array<{ name: string; args: unknown }>;
	conversation: IDataObject[];
}

function stepsOf(item: IDataObject): string[] {
	if (item.type === 'function_call') {
		return [`call: ${callOf(String(item.name), withoutSpaces(String(item.arguments)))}`];
	}
	if (item.type === 'function_call_output') return [`output: ${String(item.output)}`];
	if (item.type === 'reasoning') return said('thought', textOf(item.content ?? item.summary));
	return said(String(item.role), textOf(item.content));
}

const said = (who: string, text: string) => (text.trim() ? [`${who}: ${text.trim()}`] : []);

const textOf = (content: unknown): string =>
	Array.isArray(content)
		? content.map((part) => String((part as IDataObject).text ?? '')).join('')
		: String(content ?? '');

/** Servers write the same JSON in different ways. */
function withoutSpaces(args: string): string {
	try {
		return JSON.stringify(JSON.parse(args));
	} catch {
		return args;
	}
}
