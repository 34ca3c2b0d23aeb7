/**
 * Runs an example workflow in n8n's own engine, with the built package, and shows what comes out.
 * The API is aimock, or the real one where GRADIENT_MODEL_ACCESS_KEY is set (then GRADIENT_BASE_URL and
 * GRADIENT_MODEL count too). `--json` prints the output items and nothing else on stdout.
 */
import '../test/support/environment';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { startAimock } from '../test/support/aimock';
import { type WorkflowDefinition, loadPackage, runExportedWorkflow } from '../test/support/engine';

const ROOT = path.resolve(__dirname, '..');
const EXAMPLE = 'examples/triage-support-tickets.json';
const GRADIENT = 'DigitalOcean Gradient';

const tell = (line: string) => process.stderr.write(`${line}\n`);
const show = (line: string) => process.stdout.write(`${line}\n`);

/** Where the requests go. */
interface Api {
	name: string;
	credential: { apiKey: string; baseUrl?: string };
	close(): Promise<void>;
}

const realApi = (apiKey: string): Api => ({
	name: process.env.GRADIENT_BASE_URL ?? 'the DigitalOcean Gradient API',
	credential: {
		apiKey,
		...(process.env.GRADIENT_BASE_URL && { baseUrl: process.env.GRADIENT_BASE_URL }),
	},
	close: async () => {},
});

/** aimock with answers for the tickets of the example. */
async function mockApi(): Promise<Api> {
	const aimock = await startAimock();
	const usage = (input_tokens: number, output_tokens: number) => ({
		usage: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
	});
	const answer = (prompt: string, content: string, input: number, output: number) =>
		aimock.on({ userMessage: prompt }, { content, ...usage(input, output) });

	answer('charged twice', 'Ada wants one of two payments for her May invoice back.', 118, 14);
	answer('time zone', 'Grace wants to know how to change the time zone of her account.', 106, 15);
	answer('exported as PDF', 'Edsger wants to export the charts of the dashboard as PDF.', 112, 13);
	aimock.on(
		{ userMessage: 'site is down' },
		{
			toolCalls: [
				{
					id: 'call_7f3a',
					name: 'alert_on_call',
					arguments: JSON.stringify({
						summary: 'Error 502 on every page since 9:40',
						severity: 'critical',
					}),
				},
			],
			...usage(115, 31),
		},
	);
	return {
		name: 'aimock, a mock server (set GRADIENT_MODEL_ACCESS_KEY for the real API)',
		credential: { apiKey: 'none', baseUrl: aimock.url },
		close: aimock.close,
	};
}

function readExample(): WorkflowDefinition {
	const workflow = JSON.parse(readFileSync(path.join(ROOT, EXAMPLE), 'utf8')) as WorkflowDefinition;
	const model = process.env.GRADIENT_MODEL;
	const node = workflow.nodes.find(({ name }) => name === GRADIENT);
	if (model && node) node.parameters.model = { __rl: true, mode: 'id', value: model };
	return workflow;
}

function showItem({ json }: INodeExecutionData, index: number) {
	const calls = json.tool_calls as Array<{ name: string; arguments: IDataObject }>;
	const usage = json.usage as IDataObject;
	show(`\nItem ${index}`);
	if (json.text) show(`  text        ${json.text as string}`);
	for (const call of calls) show(`  tool call   ${call.name}(${JSON.stringify(call.arguments)})`);
	show(`  finish      ${json.finish_reason as string}`);
	show(
		`  usage       ${usage.input_tokens} in, ${usage.output_tokens} out, ${usage.total_tokens} total`,
	);
}

async function main() {
	const key = process.env.GRADIENT_MODEL_ACCESS_KEY;
	const api = key ? realApi(key) : await mockApi();
	try {
		tell(`Loading the package with n8n's own loader …`);
		const loader = await loadPackage(ROOT);
		tell(`Running ${EXAMPLE} in n8n's engine, against ${api.name} …`);
		const started = Date.now();
		const run = await runExportedWorkflow(readExample(), {
			loader,
			credentials: { gradientApi: api.credential },
		}).result;
		if (run.status !== 'success') {
			tell(`The workflow failed: ${run.error?.message}\n${run.error?.description ?? ''}`);
			process.exitCode = 1;
			return;
		}
		const items = run.items(GRADIENT);
		if (process.argv.includes('--json')) show(JSON.stringify(items, null, 2));
		else {
			items.forEach(showItem);
			show(`\n${items.length} items in ${Date.now() - started} ms, from ${api.name}`);
		}
	} finally {
		await api.close();
	}
}

void main();
