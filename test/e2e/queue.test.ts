import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import type { Answer } from '../support/answers';
import { defaultAnswer, type SeenRequest } from '../support/gradientServer';
import { report } from './support/figures';
import { startGradientServer, type GradientStandIn } from './support/gradient';
import { chunksOf, holdStream, type Chunk } from './support/heldStream';
import { executionsOf, registered, startQueue } from './support/queue';
import type { Queue, StoredExecution, Worker } from './support/queue';
import { connect, gradientNode, node, type CredentialLink } from './support/workflows';

const EXECUTIONS = 20;
const ITEMS = 25;
/** Executions that a worker runs at the same time: N8N_CONCURRENCY_PRODUCTION_LIMIT. */
const PER_WORKER = 3;
/** 'Max Concurrent Requests'. */
const PER_EXECUTION = 5;

let queue: Queue;
let gradient: GradientStandIn;
let manyId: string;
let streamId: string;

beforeAll(async () => {
	gradient = await startGradientServer();
	queue = await startQueue(['one', 'two'], PER_WORKER);
	const { n8n } = queue;
	const credential = await n8n.createCredential('gradientApi', 'Gradient', gradient.credential);
	manyId = await publish(workflow('many', 'lastNode', credential));
	streamId = await publish(workflow('stream', 'streaming', credential));
}, 300_000);

afterAll(async () => {
	await queue?.stop();
	await gradient?.close();
}, 60_000);

/** A webhook whose prompts become items; the Gradient node answers them. Its errors come to Error Trigger. */
function workflow(path: string, responseMode: string, credential: CredentialLink) {
	const parameters = { httpMethod: 'POST', path, responseMode, responseData: 'allEntries' };
	return {
		name: path,
		nodes: [
			node('Webhook', 'n8n-nodes-base.webhook', parameters, { typeVersion: 2.1, webhookId: path }),
			node('Split Out', 'n8n-nodes-base.splitOut', {
				fieldToSplitOut: 'body.prompts',
				options: { destinationFieldName: 'prompt' },
			}),
			gradientNode(
				{
					prompt: '={{ $json.prompt }}',
					options: { user: '={{ $env.WORKER_NAME }}' },
					requestOptions: { maxConcurrentRequests: PER_EXECUTION },
				},
				credential,
			),
			node('Error Trigger', 'n8n-nodes-base.errorTrigger'),
		],
		connections: connect(['Webhook', 'Split Out', 'Gradient']),
	};
}

async function publish(definition: ReturnType<typeof workflow>): Promise<string> {
	const id = await queue.n8n.createWorkflow(definition);
	await queue.n8n.activate(id);
	await registered(queue.n8n, definition.name);
	return id;
}

const call = async (webhook: string, prompts: string[]) =>
	await queue.n8n.fetch(`/webhook/${webhook}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ prompts }),
	});

const FIRST = 'Once upon';
const STORY = `${FIRST} a time there was a queue.`;

const bothWorkflows = async () => [
	...(await executionsOf(queue.n8n, manyId)),
	...(await executionsOf(queue.n8n, streamId)),
];

describe('in queue mode, with two workers', () => {
	it('text reaches the caller while the worker still waits for the rest of it', async () => {
		const story = holdStream(STORY, FIRST);
		gradient.server.answer(story.answer);
		const types: string[] = [];
		let text = '';
		for await (const { type, content } of chunksOf(await call('stream', ['Tell me a story']))) {
			types.push(type);
			text += content ?? '';
			// nothing else lets the stand-in go on: without a relay of each part, this would never end
			if (text.startsWith(FIRST)) story.release();
		}
		expect(text).toBe(STORY);
		expect([types[0], types.at(-1)]).toEqual(['begin', 'end']);

		const [{ id, status }] = await executionsOf(queue.n8n, streamId);
		expect(status).toBe('success');
		expect(queue.workers.flatMap((worker) => worker.begun())).toEqual([id]);
	});
});

describe('in queue mode, when one of two workers is killed amid 500 items', () => {
	const batches = Array.from({ length: EXECUTIONS }, (_, batch) =>
		Array.from({ length: ITEMS }, (_, item) => `${batch}/${item}`),
	);
	let victim: Worker;
	let survivor: Worker;
	/** What each caller got, in the order of `batches`. */
	let answers: Array<{ status: number; texts: string[] }>;
	/** What the caller of the stream got. */
	let streamed: Chunk[];
	/** Executions that the victim had begun and not ended. */
	let lost: string[];
	/** Executions that the survivor had begun when the victim died. */
	let begunBefore: string[];
	let executions: StoredExecution[];
	let requests: SeenRequest[];

	const user = ({ body }: SeenRequest) => String((body as IDataObject).user);
	const input = ({ body }: SeenRequest) => String((body as IDataObject).input);

	async function answerOf(batch: string[]) {
		const response = await call('many', batch);
		const body: unknown = await response.json();
		const items = Array.isArray(body) ? (body as IDataObject[]) : [];
		return { status: response.status, texts: items.map(({ text }) => String(text)) };
	}

	beforeAll(async () => {
		const { server } = gradient;
		const before = server.requests.length;
		const earlier = new Set((await executionsOf(queue.n8n, streamId)).map(({ id }) => id));
		server.peakInFlight = 0;
		const story = holdStream(STORY, FIRST);
		server.answer((request): Answer => {
			if (input(request) === 'Tell me a story') return story.answer;
			return { ...defaultAnswer(request), delayMs: 400 };
		});

		// the worker that streams is the one to die, so that what it has begun is known
		const stream = chunksOf(await call('stream', ['Tell me a story']));
		streamed = [];
		const readStream = (async () => {
			for await (const chunk of stream) streamed.push(chunk);
		})();
		await server.until(() => server.requests.length > before, 20_000);
		const streaming = user(server.requests[before]);
		[victim, survivor] = [...queue.workers].sort(({ name }) => (name === streaming ? -1 : 1));

		const started = performance.now();
		const pending = Promise.all(batches.map(answerOf));
		await server.until(() => server.requests.length - before > 200, 60_000);
		await victim.kill();
		const killed = performance.now();
		lost = victim.underWay();
		begunBefore = survivor.begun();

		answers = await pending;
		const seconds = Math.round((performance.now() - started) / 1000);
		await readStream;
		const reportedAfterSeconds = Math.round((performance.now() - killed) / 1000);
		story.release();
		requests = server.requests.slice(before);
		executions = (await bothWorkflows()).filter(
			({ id, mode }) => mode === 'webhook' && !earlier.has(id),
		);
		keepFigures({ seconds, reportedAfterSeconds });
	}, 240_000);

	/** The executions that the survivor began when the victim was dead. */
	function takenOver() {
		const ids = survivor.begun().filter((id) => !begunBefore.includes(id));
		return executions.filter(({ id }) => ids.includes(id));
	}

	function keepFigures(times: { seconds: number; reportedAfterSeconds: number }) {
		const by = (name: string) => requests.filter((request) => user(request) === name).length;
		const figures = {
			items: EXECUTIONS * ITEMS,
			executions: executions.length,
			requests: { one: by('one'), two: by('two') },
			mostRequestsAtOnce: gradient.server.peakInFlight,
			killed: victim.name,
			failedExecutions: executions.filter(({ status }) => status === 'error').length,
			takenOverFromTheQueue: takenOver().length,
			...times,
		};
		const { requests: sent } = figures;
		report(
			'queue',
			`Queue mode: ${figures.items} items in ${EXECUTIONS} executions, and a stream, in ${times.seconds} s; ` +
				`${sent.one} requests from worker one, ${sent.two} from worker two, at most ` +
				`${figures.mostRequestsAtOnce} at once. Worker ${figures.killed} was killed: n8n gave ` +
				`${figures.takenOverFromTheQueue} waiting executions to the other, and reported the ` +
				`${figures.failedExecutions} that had begun as failed after ${times.reportedAfterSeconds} s.`,
			figures,
		);
	}

	it('both had worked, each on as much as it may at the same time', () => {
		const senders = new Set(requests.map(user));
		expect(senders).toEqual(new Set(['one', 'two']));
		// the stream takes the place of one execution, and makes one request
		const most = (2 * PER_WORKER - 1) * PER_EXECUTION + 1;
		expect(gradient.server.peakInFlight).toBeLessThanOrEqual(most);
		expect(gradient.server.peakInFlight).toBeGreaterThan(PER_WORKER * PER_EXECUTION);
	});

	it('every execution ends: as success, or as an error where the dead worker had begun it', async () => {
		const failed = executions.filter(({ status }) => status !== 'success');
		expect(executions).toHaveLength(EXECUTIONS + 1);
		expect(failed.map(({ status }) => status)).toEqual(failed.map(() => 'error'));
		expect(failed.map(({ workflowId }) => workflowId)).toEqual(
			expect.arrayContaining([manyId, streamId]),
		);
		// `lost` has one more where the worker died between its last write and its log
		expect(lost).toEqual(expect.arrayContaining(failed.map(({ id }) => id)));
		for (const { id } of failed) {
			const { error } = await queue.n8n.execution(id);
			// n8n's words for a job whose worker is gone
			expect(error?.message).toContain('failed to be processed too many times');
		}
	});

	it('every caller gets an answer: all items in order, or a 500; and the stream ends', () => {
		for (const [i, { status, texts }] of answers.entries()) {
			if (status === 200) expect(texts).toEqual(batches[i].map((prompt) => `Echo: ${prompt}`));
			else expect(status).toBe(500);
		}
		const failed = executions.filter((one) => one.workflowId === manyId && one.status === 'error');
		expect(answers.filter(({ status }) => status === 500)).toHaveLength(failed.length);

		const text = streamed.map(({ content }) => content ?? '').join('');
		expect(text.startsWith(FIRST)).toBe(true);
		expect(streamed.map(({ type }) => type)).not.toContain('end');
	});

	it('what waited in the queue is run by the worker that is left, and nothing is run twice', () => {
		expect(new Set(takenOver().map(({ status }) => status))).toEqual(new Set(['success']));
		expect(victim.begun().filter((id) => survivor.begun().includes(id))).toEqual([]);
		// so no answer is paid for twice
		const prompts = requests.map(input);
		expect(new Set(prompts).size).toBe(prompts.length);
	});

	it('the Error Trigger is told of each execution that was lost', async () => {
		const failed = executions.filter(({ status }) => status === 'error').map(({ id }) => id);
		const runs = async () =>
			(await bothWorkflows()).filter(
				({ mode, status }) => mode === 'error' && status === 'success',
			);
		while ((await runs()).length < failed.length) await sleep(200);
		const told = (await runs()).map(async ({ id }) => {
			const [{ execution }] = (await queue.n8n.execution(id)).json('Error Trigger');
			return (execution as IDataObject).id;
		});
		expect(new Set(await Promise.all(told))).toEqual(new Set(failed));
	});

	it('a caller who got a 500 can send the same again, and then all 500 items are answered', async () => {
		const again = await Promise.all(
			batches.filter((_, i) => answers[i].status !== 200).map(answerOf),
		);
		const texts = [...answers, ...again].flatMap((answer) => answer.texts);
		expect(new Set(texts).size).toBe(EXECUTIONS * ITEMS);
	});
});
