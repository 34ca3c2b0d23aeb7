/**
 * A controller that `parent` aborts too, until `unlink()`: a parent that lives longer would keep it.
 * Not `AbortSignal.any` with `AbortSignal.timeout`: on Node 20 that never fires once garbage collection
 * has run.
 */
export function linkedController(parent?: AbortSignal) {
	const controller = new AbortController();
	const forward = () => controller.abort(parent?.reason);
	if (parent?.aborted) forward();
	parent?.addEventListener('abort', forward, { once: true });
	return {
		signal: controller.signal,
		abort: (reason?: unknown) => controller.abort(reason),
		unlink: () => parent?.removeEventListener('abort', forward),
	};
}
