import type { IExecuteFunctions } from 'n8n-workflow';

/** How often it is said, ms. */
const INTERVAL_MS = 10_000;

/**
 * Says how far a long execution has come. n8n (2.41) has no place for that on a node that runs: hints and metadata
 * are shown when it has ended. So it is a line in n8n's log, and where somebody looks on from the editor, in the
 * console of the browser.
 * @param total units of work
 */
export function showProgress(context: IExecuteFunctions, total: number) {
	let done = 0;
	const timer = setInterval(() => {
		const words = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} requests are answered`;
		context.logger.info(`${context.getNode().name}: ${words}`);
		if (context.getMode() === 'manual') context.sendMessageToUI(words);
	}, INTERVAL_MS).unref();
	return { advance: () => void done++, end: () => clearInterval(timer) };
}
