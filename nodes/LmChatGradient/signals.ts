import { linkedController } from '../shared/client/transport/abort';

/** Aborts as soon as one of them does, until `unlink()`. */
export function joined(signals: Array<AbortSignal | undefined>) {
	const [first, ...others] = signals.filter((signal) => signal !== undefined);
	const controller = linkedController(first);
	const unlinks = others.map((signal) => {
		const abort = () => controller.abort(signal.reason);
		if (signal.aborted) abort();
		signal.addEventListener('abort', abort, { once: true });
		return () => signal.removeEventListener('abort', abort);
	});
	return {
		signal: controller.signal,
		unlink: () => [controller.unlink, ...unlinks].forEach((unlink) => unlink()),
	};
}
