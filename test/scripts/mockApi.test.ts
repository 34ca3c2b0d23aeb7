/** What `npm run n8n` answers to what the notes of the examples suggest. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import { startMockApi } from '../../scripts/n8n/mockApi';
import type { Aimock } from '../support/aimock';
import { type WorkflowDefinition, runExportedWorkflow } from '../support/engine';
import { useGradient } from '../support/gradientNode';

const EXAMPLES = path.resolve(__dirname, '../../examples');
const MODEL = 'openai-gpt-oss-20b';

const gradient = useGradient();

let api: Aimock;
beforeAll(async () => (api = await startMockApi()));
afterAll(async () => await api.close());

async function ask(input: unknown): Promise<IDataObject & { output: IDataObject[] }> {
	const response = await fetch(`${api.url}/v1/responses`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
		body: JSON.stringify({ model: MODEL, input }),
	});
	return (await response.json()) as IDataObject & { output: IDataObject[] };
}

const user = (content: string) => ({ type: 'message', role: 'user', content });
const result = ({ call_id }: IDataObject) => ({
	type: 'function_call_output',
	call_id,
	output: '[]',
});

test("The chat's own questions are answered, one after the other", async () => {
	const conversation: IDataObject[] = [];
	for (const [question, calls] of [
		['Will it rain in Lisbon tomorrow?', ['Find_Place', 'Get_Forecast']],
		['And the day after?', ['Get_Forecast']],
	] as const) {
		conversation.push(user(question));
		for (const name of calls) {
			const { output } = await ask(conversation);
			const [call] = output.filter(({ type }) => type === 'function_call');
			expect(call).toMatchObject({ name });
			conversation.push(call, result(call));
		}
		const { output } = await ask(conversation);
		expect(output.map(({ type }) => type)).toEqual(['message']);
		expect(JSON.stringify(output)).not.toContain('aimock');
		conversation.push({ ...output[0] });
	}
});

test.each(['Why is that?', 'Arrived two days early', 'Battery died'])(
	'Tokens are counted for: %s',
	async (question) => {
		const { usage } = await ask(question);
		const { input_tokens, output_tokens, total_tokens } = usage as Record<string, number>;
		expect(input_tokens).toBeGreaterThan(0);
		expect(output_tokens).toBeGreaterThan(0);
		expect(total_tokens).toBe(input_tokens + output_tokens);
	},
);

test('The questions that the notes suggest are among those above', () => {
	const notes = readdirSync(EXAMPLES).map((file) =>
		readFileSync(path.join(EXAMPLES, file), 'utf8'),
	);
	const questions = notes.flatMap((note) => note.match(/\*[A-Z][^*\n]*\?\*/g) ?? []);
	expect(questions).toEqual(['*Will it rain in Lisbon tomorrow?*', '*And the day after?*']);
});

test('A picture is described', async () => {
	const file = path.join(EXAMPLES, 'describe-picture.json');
	const run = runExportedWorkflow(JSON.parse(readFileSync(file, 'utf8')) as WorkflowDefinition, {
		loader: gradient.loader,
		credentials: { gradientApi: { apiKey: 'none', baseUrl: api.url } },
	});
	const described = await run.result;
	expect(described.json('Describe')[0].text).toMatch(/The green one is the highest/);
	expect(JSON.stringify(api.requests.at(-1)?.body)).toContain('"type":"input_image"');
});
