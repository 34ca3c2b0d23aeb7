/** Before the tests of each file: the engine for expressions, and proof that they get what run.mts says. */
import { version } from 'n8n-core/package.json';
import { Expression } from 'n8n-workflow';

import { useSandboxedExpressions } from '../support/engine';

const { COMPAT_CORE, COMPAT_EXPRESSIONS, COMPAT_NODE } = process.env;
let dispose: (() => Promise<void>) | undefined;

beforeAll(async () => {
	expect(version).toBe(COMPAT_CORE);
	expect(process.version).toMatch(new RegExp(`^v${COMPAT_NODE}\\.`));
	if (COMPAT_EXPRESSIONS === 'vm') dispose = await useSandboxedExpressions('vm');
	// not in the first n8n 1.123, which had one engine only
	expect(Expression.getActiveImplementation?.() ?? 'legacy').toBe(COMPAT_EXPRESSIONS);
});

afterAll(async () => await dispose?.());
