/**
 * The packed tarball, published to a registry and installed from there into a whole n8n: as n8n's own
 * installer does it, and as the README says. Both are updated and uninstalled again.
 */
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { report } from './support/figures';
import { startGradientServer, type GradientStandIn } from './support/gradient';
import { installer, manually, nodesFolder, type Way } from './support/install';
import { newUserFolder, startN8n, type N8n } from './support/n8n';
import { PACKAGE, packedTarball } from './support/paths';
import { startRegistry, type Registry } from './support/registry';
import { PREVIOUS, repackAsPrevious } from './support/previousVersion';
import { connect, gradientNode, manualTrigger, type NewWorkflow } from './support/workflows';

const { version: VERSION, peerDependencies: PEERS = {} } = manifestIn(
	path.resolve(__dirname, '../..'),
);
const [GRADIENT, AS_TOOL, CHAT_MODEL] = ['gradient', 'gradientTool', 'lmChatGradient'].map(
	(name) => `${PACKAGE}.${name}`,
);

let registry: Registry;
let gradient: GradientStandIn;
/** A user folder in which n8n ran once, without the package. */
let used: string;
const folders: string[] = [];

function manifestIn(folder: string) {
	const text = readFileSync(path.join(folder, 'package.json'), 'utf8');
	return JSON.parse(text) as { version: string; peerDependencies?: Record<string, string> };
}

function copyOfUsed(): string {
	const folder = newUserFolder();
	folders.push(folder);
	cpSync(used, folder, { recursive: true });
	return folder;
}

const installedVersion = (userFolder: string) =>
	manifestIn(path.join(nodesFolder(userFolder), 'node_modules', PACKAGE)).version;

/** Every package below n8n's folder for community nodes, however deep. */
const packagesIn = (userFolder: string) =>
	readdirSync(nodesFolder(userFolder), { recursive: true, encoding: 'utf8' })
		.filter((file) => /(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(file))
		.map((file) => path.dirname(file));

interface NodeType {
	name: string;
	displayName: string;
}

const nodeTypes = async (n8n: N8n) =>
	((await (await n8n.fetch('/types/nodes.json')).json()) as NodeType[]).filter(({ name }) =>
		name.startsWith(PACKAGE),
	);

const credentialTypes = async (n8n: N8n) =>
	((await (await n8n.fetch('/types/credentials.json')).json()) as NodeType[]).filter(
		({ name }) => name === 'gradientApi',
	);

beforeAll(async () => {
	gradient = await startGradientServer();
	registry = await startRegistry();
	used = newUserFolder();
	folders.push(used);
	await (await startN8n({ install: 'none', userFolder: used, name: 'registry-first' })).stop();
	for (const peer of Object.keys(PEERS)) await registry.publishEmpty(peer);
	await registry.publish(await repackAsPrevious(packedTarball(), used));
});

afterAll(async () => {
	await registry?.stop();
	await gradient?.close();
	for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** Starts n8n on the folder for one look at it. */
async function withN8n<T>(userFolder: string, look: (n8n: N8n) => Promise<T>): Promise<T> {
	const n8n = await startN8n({ install: 'none', userFolder, name: 'registry' });
	try {
		return await look(n8n);
	} finally {
		await n8n.stop();
	}
}

const workflow = (credential: { id: string; name: string }): NewWorkflow => ({
	name: 'Ask',
	nodes: [manualTrigger(), gradientNode({ prompt: 'Hello' }, credential)],
	connections: connect(['Start', 'Gradient']),
});

describe.each<[string, () => Way]>([
	["n8n's own installer", () => installer(registry)],
	['the manual installation', () => manually(registry)],
])('With %s', (_, wayOf) => {
	let userFolder: string;
	let workflowId: string;
	let way: Way;

	beforeAll(() => {
		userFolder = copyOfUsed();
		way = wayOf();
	});

	test('exactly one package is added', async () => {
		expect(packagesIn(userFolder)).toEqual([]);
		await way.install(userFolder, PREVIOUS);
		expect(packagesIn(userFolder)).toEqual([`node_modules/${PACKAGE}`]);
		expect(installedVersion(userFolder)).toBe(PREVIOUS);
		await registry.asked(`${PACKAGE}-${PREVIOUS}.tgz`);
	});

	test('n8n knows the node, the tool and the credential, and runs them', async () => {
		await withN8n(userFolder, async (n8n) => {
			const types = await nodeTypes(n8n);
			expect(types.map(({ name }) => name).sort()).toEqual([GRADIENT, AS_TOOL, CHAT_MODEL]);
			const gradientType = types.find(({ name }) => name === GRADIENT);
			expect(gradientType?.displayName).toMatch(/previous/);
			expect(await credentialTypes(n8n)).toMatchObject([
				{ displayName: 'DigitalOcean Gradient API', supportedNodes: [GRADIENT, CHAT_MODEL] },
			]);
			expect(n8n.log()).not.toMatch(new RegExp(`(error|fail|missing).*${PACKAGE}`, 'i'));

			const link = await n8n.createCredential('gradientApi', 'Gradient', gradient.credential);
			workflowId = await n8n.createWorkflow(workflow(link));
			const run = await n8n.run(workflowId);
			expect(run.error).toBeUndefined();
			expect(run.status).toBe('success');
		});
	});

	test('after an update, the new version runs the same workflow', async () => {
		await publishCurrent();
		await way.install(userFolder, 'latest');
		expect(installedVersion(userFolder)).toBe(VERSION);
		expect(packagesIn(userFolder)).toEqual([`node_modules/${PACKAGE}`]);
		await withN8n(userFolder, async (n8n) => {
			const [{ displayName }] = await nodeTypes(n8n);
			expect(displayName).toBe('DigitalOcean Gradient');
			const run = await n8n.run(workflowId);
			expect(run.json('Gradient')).toEqual([expect.objectContaining({ text: 'Echo: Hello' })]);
		});
	});

	test('after uninstalling it, n8n starts without its node types', async () => {
		await way.uninstall(userFolder);
		expect(packagesIn(userFolder)).toEqual([]);
		expect(existsSync(path.join(nodesFolder(userFolder), 'node_modules', PACKAGE))).toBe(false);
		await withN8n(userFolder, async (n8n) => {
			expect(await nodeTypes(n8n)).toEqual([]);
			expect(await credentialTypes(n8n)).toEqual([]);
			expect(n8n.log()).not.toContain('some packages are missing');
			// the workflow is still there, and says what it lacks
			await expect(n8n.run(workflowId)).rejects.toThrow(`Unrecognized node type: ${GRADIENT}`);
		});
	});
});

let isPublished = false;
async function publishCurrent() {
	if (!isPublished) await registry.publish(packedTarball());
	isPublished = true;
}

/** Printed, not judged: what other processes do to n8n's start is more than what the package does. */
test('how long n8n takes to start, with the package and without', async () => {
	await publishCurrent();
	const withPackage = copyOfUsed();
	const without = copyOfUsed();
	await manually(registry).install(withPackage, 'latest');
	const times = { with: [] as number[], without: [] as number[] };
	const start = async (userFolder: string) =>
		await withN8n(userFolder, async ({ startedInMs }) => startedInMs);
	for (let round = 0; round < 3; round++) {
		times.with.push(await start(withPackage));
		times.without.push(await start(without));
	}
	const median = (values: number[]) => [...values].sort((a, b) => a - b)[(values.length - 1) / 2];
	report(
		'startup',
		`n8n starts in ${median(times.with)} ms with the package (${times.with.join(', ')}), ` +
			`in ${median(times.without)} ms without (${times.without.join(', ')})`,
		times,
	);
	expect(times.with).toHaveLength(3);
}, 400_000);
