/** The package in an n8n before 2.16, which has no SDK for chat models. */
import { MODEL_NODE, ask, startWithModel } from '../support/chatModel';
import { TEXT, useGradient, NODE } from '../support/gradientNode';

const mockMissing = () =>
	Object.assign(new Error("Cannot find module '@n8n/ai-node-sdk'"), { code: 'MODULE_NOT_FOUND' });

jest.mock('@n8n/ai-node-sdk', () => {
	throw mockMissing();
});

const gradient = useGradient();

test('The chat model says which n8n it needs, and what to use until then', async () => {
	const { error } = (await startWithModel(gradient, ask).result).task(MODEL_NODE);
	expect(error?.message).toBe('This chat model needs n8n 2.16 or newer');
	expect(error?.description).toContain("use the 'DigitalOcean Gradient' node");
	expect(gradient.server.requests).toHaveLength(0);
});

test('The other node works', async () => {
	const result = await gradient.run(TEXT);
	expect(result.json(NODE)).toMatchObject([{ text: 'Echo: Hello' }]);
});
