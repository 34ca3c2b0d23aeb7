import { linkedController } from '../shared/client/transport/abort';

/** Aborts as soon as one of them does, until `unlink()`. */
export function joined(signals: Array<AbortSignal | undefined>) {
	const controllers = signals.map((signal) => linkedController(signal));
	const controller = linkedController();
	for (const { signal } of controllers) {
		if (signal.aborted) controller.abort(signal.reason);
		signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
	}
	return {
		signal: controller.signal,
		unlink: () => controllers.forEach(({ unlink }) => unlink()),
	};
}
