/**
 * What `work` says, in order, as it says it; then what it failed with, if it did.
 * @param work its signal is aborted when the reader leaves before the end
 */
export async function* asIterable<T>(
	work: (say: (one: T) => void, left: AbortSignal) => Promise<void>,
): AsyncGenerator<T> {
	const said: T[] = [];
	const reader = new AbortController();
	let wake = () => {};
	let isOver = false;
	const say = (one: T) => {
		said.push(one);
		wake();
	};
	const working = work(say, reader.signal).finally(() => {
		isOver = true;
		wake();
	});
	// thrown below, when all that came before it is read
	working.catch(() => undefined);
	try {
		while (!isOver || said.length > 0) {
			yield* said.splice(0);
			if (!isOver && said.length === 0) await new Promise<void>((resolve) => (wake = resolve));
		}
		await working;
	} finally {
		reader.abort();
	}
}
