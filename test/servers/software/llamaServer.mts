/** llama-server, built from the sources that llama-cpp-python brings; or a built one. */
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isCommand, run, type CommandOptions } from './commands.mjs';
import { folderOf, type Part } from './parts.mjs';
import { environment, program } from './python.mjs';

/** Of llama-cpp-python, whose sdist has llama.cpp. */
export const LLAMA_CPP_PYTHON = '0.3.36';

const tools = environment('build-tools', { minutes: 0.3, gigabytes: 0.2 });

/** What is quick to build suffices for all but ggml, which computes: without -O2, a token takes a tenth of a second. */
const GGML_SETTINGS = `
set(CMAKE_C_FLAGS_RELEASE -O2)
set(CMAKE_CXX_FLAGS_RELEASE -O2)
`;

const SETTINGS = {
	CMAKE_BUILD_TYPE: 'Release',
	CMAKE_C_FLAGS_RELEASE: '-O0',
	CMAKE_CXX_FLAGS_RELEASE: '-O0',
	BUILD_SHARED_LIBS: 'OFF',
	LLAMA_BUILD_TESTS: 'OFF',
	LLAMA_BUILD_EXAMPLES: 'OFF',
	LLAMA_BUILD_APP: 'OFF',
	LLAMA_BUILD_UI: 'OFF',
	// else it looks for one on Hugging Face's hub
	LLAMA_USE_PREBUILT_UI: 'OFF',
	LLAMA_OPENSSL: 'OFF',
	GGML_OPENMP: 'OFF',
	GGML_NATIVE: 'OFF',
};

const built: Part = {
	name: 'llama-server',
	minutes: 7,
	// while it is built; 0.04 stay
	gigabytes: 0.8,
	needs: [tools],
	content: [LLAMA_CPP_PYTHON, JSON.stringify(SETTINGS), GGML_SETTINGS],
	missing() {
		if (['cc', 'c++', 'tar'].every(isCommand)) return [];
		return [
			'A compiler for C and C++ is missing. Install one (on Debian and Ubuntu: apt-get install g++), ' +
				'or let LLAMA_SERVER name a llama-server that is built.',
		];
	},
	async make(folder) {
		const bin = path.dirname(program(tools, 'python'));
		const PATH = [bin, process.env.PATH].join(path.delimiter);
		const options = { cwd: folder, env: { ...process.env, PATH } };
		const sources = await unpackedSources(folder, options);
		// CMake includes it behind ggml's own project(), and so for ggml alone
		const ggml = path.join(folder, 'ggml.cmake');
		writeFileSync(ggml, GGML_SETTINGS);
		const all = { ...SETTINGS, CMAKE_PROJECT_ggml_INCLUDE: ggml };
		const settings = Object.entries(all).map(([name, value]) => `-D${name}=${value}`);
		const cmake = ['-S', sources, '-B', 'build', '-G', 'Ninja', ...settings];
		await run('llama-server: configures', 'cmake', cmake, options);
		await run('llama-server: compiles', 'ninja', ['-C', 'build', 'llama-server'], options);
		renameSync(path.join(folder, 'build/bin/llama-server'), path.join(folder, 'llama-server'));
		for (const name of readdirSync(folder).filter((name) => name !== 'llama-server')) {
			rmSync(path.join(folder, name), { recursive: true });
		}
	},
};

/** @returns where llama.cpp's sources are, relative to the folder */
async function unpackedSources(folder: string, options: CommandOptions): Promise<string> {
	const pip = ['--disable-pip-version-check', 'download', '--quiet', '--no-deps'];
	const sdist = [
		'--no-binary=:all:',
		'--no-build-isolation',
		`llama-cpp-python==${LLAMA_CPP_PYTHON}`,
	];
	await run('llama-server: sources', program(tools, 'pip'), [...pip, ...sdist], options);
	const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tar.gz'));
	await run('llama-server: unpacks them', 'tar', ['-xzf', archive], options);
	return path.join(archive.replace('.tar.gz', ''), 'vendor/llama.cpp');
}

/** The server itself, and what has to be made for it. */
export function llamaServer(): { command: string; parts: Part[] } {
	const { LLAMA_SERVER } = process.env;
	if (!LLAMA_SERVER) return { command: path.join(folderOf(built), 'llama-server'), parts: [built] };
	if (!existsSync(LLAMA_SERVER)) throw new Error(`LLAMA_SERVER=${LLAMA_SERVER} is not there`);
	return { command: path.resolve(LLAMA_SERVER), parts: [] };
}
