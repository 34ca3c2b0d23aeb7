/** The streaming chat of n8n's editor: text that grows while the model writes, and what is said when it fails. */
import { eventStream } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { textResponse } from '../support/responses';
import { DONE, frame, typedEvents } from '../support/streams';
import { openEditor, type Editor } from './support/browser';
import { Canvas } from './support/canvas';
import { Chat } from './support/chat';
import { KEY, startGradientServer, type GradientStandIn } from './support/gradient';
import { startN8n, type N8n } from './support/n8n';
import { CHAT_TRIGGER, connect, gradientNode, node } from './support/workflows';

const ANSWER =
	'Streaming means that you can read an answer while it is still being written, word after word, instead of waiting until all of it is there.';

let gradient: GradientStandIn;
let n8n: N8n;
let workflow: string;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
	gradient = await startGradientServer();
	n8n = await startN8n({ name: 'n8n-chat' });
	const credential = await n8n.createCredential('gradientApi', 'Gradient', gradient.credential);
	const trigger = node(
		'Chat',
		CHAT_TRIGGER,
		{ public: false, options: { responseMode: 'streaming' } },
		{ typeVersion: 1.4, webhookId: '5a0c1a0e-1111-4111-8111-111111111111' },
	);
	workflow = await n8n.createWorkflow({
		name: 'Chat with a model',
		nodes: [trigger, gradientNode({ prompt: '={{ $json.chatInput }}' }, credential)],
		connections: connect(['Chat', 'Gradient']),
	});
});

beforeEach(async () => {
	gradient.server.reset();
	gradient.server.requireKey(KEY);
	editor = await openEditor(n8n, { width: 1300, height: 900 });
	await editor.open(`/workflow/${workflow}`);
	await new Canvas(editor.page).node('Gradient').waitFor();
	chat = await Chat.open(editor.page);
	await chat.enlarge();
});

afterEach(async () => await editor?.close());

afterAll(async () => {
	await n8n?.stop();
	await gradient?.close();
});

test('The text in the chat grows while the model writes', async () => {
	const events = [...typedEvents(textResponse(ANSWER)).map(frame), DONE];
	gradient.server.answer(({ method }) =>
		method === 'POST' ? eventStream(events, { gapMs: 150 }) : undefined,
	);
	const states = await chat.watch();
	await chat.send('What is streaming?');
	await chat.shows('word after');
	await editor.shot('20-chat-growing');
	await chat.shows(ANSWER);
	await editor.shot('21-chat-done');

	const seen = await states();
	expect(seen.at(-1)).toBe(ANSWER);
	const growing = seen.filter((text) => text !== ANSWER);
	expect(growing.length).toBeGreaterThanOrEqual(2);
	for (const text of growing) expect(ANSWER.startsWith(text.trimEnd())).toBe(true);
	expect(gradient.server.bodies).toEqual([
		expect.objectContaining({ input: 'What is streaming?', stream: true }),
	]);
});

test('A request that is refused is shown in the chat with what to do about it', async () => {
	gradient.server.answer(errorBodies.unauthorized);
	await chat.send('Hello?');
	await chat.shows("Check 'Model Access Key' in the credential.");
	await editor.shot('22-chat-error');
	expect((await chat.texts()).at(-1)).toContain('Unable to authenticate you.');
});

test('An answer that breaks off stays in the chat, and what happened is said below it', async () => {
	const events = typedEvents(textResponse(ANSWER)).map(frame);
	gradient.server.answer(({ method }) =>
		method === 'POST' ? eventStream(events.slice(0, 10), { gapMs: 20, then: 'reset' }) : undefined,
	);
	await chat.send('What is streaming?');
	await chat.shows('before the whole answer had come');
	await editor.shot('23-chat-broken-off');
	const [, answer] = await chat.texts();
	const [written, ...said] = answer.split('\n').filter(Boolean);
	expect(written).not.toBe('');
	expect(ANSWER.startsWith(written)).toBe(true);
	expect(said.join('\n')).toMatch(/^Error: The stream broke off/);
});
