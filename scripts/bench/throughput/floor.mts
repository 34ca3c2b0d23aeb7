import { Agent, request } from 'undici';

import type { Outcome, Task } from './contestants.mjs';

/** The least that the same requests can take: undici alone, as many at a time, the body read and parsed. */
export async function runFloor({ prompts, concurrency, url, isStreaming }: Task): Promise<Outcome> {
	const dispatcher = new Agent({ connections: concurrency });
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
	await dispatcher.destroy();
	return { outputs, execution: outputs };
}
