import { Agent, request } from 'undici';

import type { Outcome, Task } from './contestants.mjs';

const keptAgent = new Agent({ keepAliveTimeout: 300_000, keepAliveMaxTimeout: 300_000 });

/** The same on connections that stand from one run to the next. */
export const runKept = async (task: Task): Promise<Outcome> => await run(task, keptAgent);

/** The least that the same requests can take: undici alone, as many at a time, the body read and parsed. */
export async function runFloor(task: Task): Promise<Outcome> {
	const agent = new Agent({ connections: task.concurrency });
	const outcome = await run(task, agent);
	await agent.destroy();
	return outcome;
}

async function run(
	{ prompts, concurrency, url, isStreaming }: Task,
	dispatcher: Agent,
): Promise<Outcome> {
	const outputs: unknown[] = [];
	let next = 0;
	const work = async () => {
		for (let index = next++; index < prompts.length; index = next++) {
			const { body } = await request(`${url}/v1/responses`, {
				dispatcher,
				method: 'POST',
				headers: { authorization: 'Bearer none', 'content-type': 'application/json' },
				body: JSON.stringify({
					model: 'bench',
					input: prompts[index].json.prompt,
					...(isStreaming && { stream: true }),
				}),
			});
			outputs[index] = isStreaming ? await body.text() : await body.json();
		}
	};
	await Promise.all(Array.from({ length: concurrency }, work));
	return { outputs, execution: outputs };
}
