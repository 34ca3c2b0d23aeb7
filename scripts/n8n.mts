/**
 * `npm run n8n`: a local n8n with the package from dist, the examples, and a credential that leads to
 * aimock, a mock server within this process. A change in nodes/ or credentials/ is built and loaded at
 * once. Its data is kept in .n8n/; Ctrl-C ends everything.
 */
import { installPackages } from '../test/e2e/setup.mjs';

await installPackages();
// needs what was just installed
const { run } = await import('./n8n/run.js');
await run();
