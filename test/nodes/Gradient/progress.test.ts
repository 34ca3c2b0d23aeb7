import type { IExecuteFunctions, WorkflowExecuteMode } from 'n8n-workflow';

import { showProgress } from '../../../nodes/Gradient/progress';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function contextOf(mode: WorkflowExecuteMode) {
	const said = { log: [] as string[], console: [] as string[] };
	const context = {
		logger: { info: (words: string) => said.log.push(words) },
		sendMessageToUI: (words: string) => said.console.push(words),
		getMode: () => mode,
		getNode: () => ({ name: 'Gradient' }),
	};
	return { context: context as unknown as IExecuteFunctions, said };
}

test('A long execution says each ten seconds how far it has come', () => {
	const { context, said } = contextOf('trigger');
	const progress = showProgress(context, 2_000);
	jest.advanceTimersByTime(9_999);
	expect(said.log).toEqual([]);
	for (let i = 0; i < 1_200; i++) progress.advance();
	jest.advanceTimersByTime(1);
	expect(said.log).toEqual(['Gradient: 1,200 of 2,000 requests are answered']);
	progress.end();
	jest.advanceTimersByTime(60_000);
	expect(said.log).toHaveLength(1);
	expect(said.console).toEqual([]);
});

test('Who looks on from the editor reads it in the console of the browser', () => {
	const { context, said } = contextOf('manual');
	showProgress(context, 3);
	jest.advanceTimersByTime(10_000);
	expect(said.console).toEqual(['0 of 3 requests are answered']);
});
