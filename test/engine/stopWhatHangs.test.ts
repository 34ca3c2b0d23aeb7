/** Stop reaches also what the node only waits for, and cannot end. */
import { ExecutionLifecycleHooks } from 'n8n-core';
import type { IDataObject, IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import { pause } from '../../nodes/shared/client/pacing/retry';
import { startWithModel, ask } from '../support/chatModel';
import { InMemoryCredentials } from '../support/credentials';
import type { WorkflowRun } from '../support/engine';
import { errorBodies } from '../support/errorBodies';
import { TEXT, useGradient } from '../support/gradientNode';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

/** Never ends; `reached` once somebody waits for it. */
function hanging() {
	let reach = () => {};
	const reached = new Promise<void>((resolve) => {
		reach = resolve;
	});
	const hang = async () => {
		reach();
		return await new Promise<never>(() => {});
	};
	return { reached, hang };
}

async function expectStopped(run: WorkflowRun, reached: Promise<void>) {
	await reached;
	run.cancel();
	expect((await run.result).status).toBe('canceled');
}

test('A tool node that hangs while it connects', async () => {
	const { reached, hang } = hanging();
	const run = startWithTools(gradient, TEXT, { tools: { Hanging: hang } });
	await expectStopped(run, reached);
	expect(gradient.server.requests).toEqual([]);
});

test('A tool node that hangs while it connects, where the node continues on fail', async () => {
	const { reached, hang } = hanging();
	const nodeSettings = { onError: 'continueRegularOutput' as const };
	const items = Array.from({ length: 10 }, () => ({}));
	const run = startWithTools(gradient, TEXT, { tools: { Hanging: hang }, items, nodeSettings });
	await expectStopped(run, reached);
	expect(gradient.server.requests).toEqual([]);
});

test('The failure of one item ends the run, though a tool node hangs for another', async () => {
	const { reached, hang } = hanging();
	gradient.server.answer(async () => {
		await reached;
		return errorBodies.unauthorized;
	});
	const supply = async (item: number) => (item === 0 ? echoTool('echo') : await hang());
	const run = startWithTools(gradient, TEXT, { tools: { Tool: supply }, items: [{}, {}] });
	const { error, status } = await run.result;
	expect(status).toBe('error');
	expect(error?.message).toBe('Unable to authenticate you. [item 0]');
});

/** As with a store of secrets that does not answer. */
function withHangingCredentials(hang: () => Promise<never>) {
	class Hanging extends InMemoryCredentials {
		override async getDecrypted() {
			return await hang();
		}
	}
	const credentialsHelper = new Hanging(gradient.loader, {});
	return { credentialsHelper } as Partial<IWorkflowExecuteAdditionalData>;
}

test('A credential that hangs while it is read', async () => {
	const { reached, hang } = hanging();
	const additionalData = withHangingCredentials(hang);
	await expectStopped(gradient.start(TEXT, { additionalData }), reached);
});

test('A credential of the chat model that hangs while it is read', async () => {
	const { reached, hang } = hanging();
	const additionalData = withHangingCredentials(hang);
	await expectStopped(startWithModel(gradient, ask, undefined, { additionalData }), reached);
});

test('A chat that takes no more text', async () => {
	const { reached, hang } = hanging();
	const definition = { id: '1', name: 'x', nodes: [], connections: {} } as unknown as IDataObject;
	const hooks = new ExecutionLifecycleHooks('webhook', '1', definition as never);
	hooks.addHandler('sendChunk', hang);
	const run = gradient.start(TEXT, { mode: 'webhook', streaming: true, additionalData: { hooks } });
	const { server } = gradient;
	await server.until(() => server.requests.length === 1 && server.inFlight === 0);
	// the answer has to reach the client first: n8n itself tells the chat of a failure, and would hang
	await pause(200);
	await expectStopped(run, reached);
});
