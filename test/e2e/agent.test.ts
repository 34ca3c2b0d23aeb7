/** The Gradient node as a tool of n8n's AI Agent, whose own model is played by aimock. */
import { AGENT } from './support/aiNodes';
import { GRADIENT, manualTrigger, connect, node } from './support/workflows';
import { MODEL, startAimock, startGradientServer, type GradientStandIn } from './support/gradient';
import { openEditor } from './support/browser';
import { Canvas } from './support/canvas';
import { NodeForm } from './support/nodeForm';
import { startN8n, type N8n } from './support/n8n';

const OPENAI_MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

let aimock: Awaited<ReturnType<typeof startAimock>>;
let gradient: GradientStandIn;
let n8n: N8n;

beforeAll(async () => {
	[aimock, gradient] = await Promise.all([startAimock(), startGradientServer()]);
	n8n = await startN8n({ name: 'n8n-agent' });
});

afterAll(async () => {
	await n8n?.stop();
	await Promise.all([aimock?.close(), gradient?.close()]);
});

/** The agent with its model, and the Gradient node as its tool if `withTool`. */
async function createAgent(name: string, { withTool }: { withTool: boolean }): Promise<string> {
	const { key, credential } = aimock;
	const openAi = await n8n.createCredential('openAiApi', 'aimock', {
		apiKey: key,
		url: credential.baseUrl,
	});
	const gradientApi = await n8n.createCredential('gradientApi', 'Gradient', gradient.credential);
	const tool = node(
		'Ask Gradient',
		`${GRADIENT}Tool`,
		{
			toolDescription: 'Asks another model',
			model: { __rl: true, mode: 'id', value: MODEL },
			prompt: "={{ $fromAI('Prompt', `What the other model should answer`, 'string') }}",
		},
		{ credentials: { gradientApi }, position: [480, 240] },
	);
	return await n8n.createWorkflow({
		name,
		nodes: [
			manualTrigger(),
			node(
				'AI Agent',
				AGENT,
				{ promptType: 'define', text: 'Ask the other model for a haiku.' },
				{ typeVersion: 3.1, position: [300, 0] },
			),
			node(
				'OpenAI Chat Model',
				OPENAI_MODEL,
				{ model: { __rl: true, mode: 'id', value: 'gpt-5' } },
				{ typeVersion: 1.3, credentials: { openAiApi: openAi }, position: [240, 240] },
			),
			...(withTool ? [tool] : []),
		],
		connections: connect(
			['Start', 'AI Agent'],
			{ from: 'OpenAI Chat Model', to: 'AI Agent', type: 'ai_languageModel' },
			...(withTool ? [{ from: 'Ask Gradient', to: 'AI Agent', type: 'ai_tool' }] : []),
		),
	});
}

test('The agent calls the node, the node asks its model, and the agent answers with what came back', async () => {
	const call = { name: 'Ask_Gradient', arguments: { Prompt: 'Write a haiku' }, id: 'call_haiku' };
	aimock.onPromptCall('haiku', call);
	aimock.onCallOutput('call_haiku', 'The other model wrote a haiku.');
	const run = await n8n.run(await createAgent('Agent', { withTool: true }));

	expect(run.error).toBeUndefined();
	expect(run.status).toBe('success');
	expect(run.json('AI Agent')).toEqual([{ output: 'The other model wrote a haiku.' }]);
	expect(gradient.server.bodies).toEqual([{ model: MODEL, input: 'Write a haiku' }]);
	// what the tool gave is what the agent's model was told
	const [said] = run.json('Ask Gradient', 0, 'ai_tool');
	expect(JSON.stringify(said)).toContain('Echo: Write a haiku');
	expect(JSON.stringify(aimock.requests.at(-1)?.body)).toContain('Echo: Write a haiku');
});

test("In the editor the agent's tools offer the node, with a form that a model can fill in", async () => {
	const editor = await openEditor(n8n);
	const canvas = new Canvas(editor.page);
	await editor.open(`/workflow/${await createAgent('Agent without tools', { withTool: false })}`);
	await canvas.node('AI Agent').waitFor();
	await canvas.openTools('AI Agent');
	const panel = await canvas.search('gradient');
	await panel.getByText('DigitalOcean Gradient Tool').waitFor();
	await editor.shot('30-agent-tools');
	await canvas.pick('DigitalOcean Gradient Tool');

	const form = await NodeForm.opened(editor.page);
	const labels = await form.labels();
	expect(labels).toContain('Prompt');
	expect(labels).not.toContain('Separate Tool Calls Output');
	expect(await form.cutLabels()).toEqual([]);
	await editor.shot('31-tool-form');
	await form.close();
	await canvas.node('AI Agent').waitFor();
	await canvas.zoomToFit();
	await editor.shot('32-agent-on-canvas');
	await editor.close();
});
