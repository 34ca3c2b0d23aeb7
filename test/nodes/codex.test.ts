/** How the nodes are found in n8n's panel, and where their help leads. */
import type { INodeTypeDescription } from 'n8n-workflow';

import { useGradient } from '../support/gradientNode';

const gradient = useGradient();

const DOCS = 'https://docs.digitalocean.com/products/inference/how-to/';

describe.each(['gradient', 'lmChatGradient'])('%s', (name) => {
	const codex = () =>
		(gradient.loader.getNode(name).type.description as INodeTypeDescription).codex!;

	test.each(['inference', 'serverless', 'llm', 'gpt-oss', 'responses', 'digitalocean'])(
		'is found by "%s"',
		(word) => {
			const words = (codex().alias ?? []).map((one) => one.toLowerCase());
			expect(words.some((one) => one.startsWith(word))).toBe(true);
		},
	);

	test('leads to the pages of DigitalOcean Inference', () => {
		const { primaryDocumentation, credentialDocumentation } = codex().resources!;
		expect(primaryDocumentation).toEqual([{ url: `${DOCS}use-serverless-inference/` }]);
		expect(credentialDocumentation).toEqual([{ url: `${DOCS}manage-model-access-keys/` }]);
	});
});

test('So does the credential', () => {
	const { documentationUrl } = gradient.loader.getCredential('gradientApi').type;
	expect(documentationUrl).toBe(`${DOCS}manage-model-access-keys/`);
});
