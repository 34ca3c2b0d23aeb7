/** The scripted model, in the two forms that the servers load. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describeModel } from '../model/description.mjs';
import { run } from './commands.mjs';
import { folderOf, type Part } from './parts.mjs';
import { environment, program } from './python.mjs';

export const MODEL = 'scripted';

const tools = environment('model-tools', { minutes: 0.2, gigabytes: 0.2 });

const SOURCES = fileURLToPath(new URL('../model', import.meta.url));

export const model: Part = {
	name: 'model',
	minutes: 0.1,
	gigabytes: 0.05,
	needs: [tools],
	get content() {
		const programs = readdirSync(SOURCES).filter((file) => file.endsWith('.py'));
		return [
			describeModel(),
			...programs.map((file) => readFileSync(path.join(SOURCES, file), 'utf8')),
		];
	},
	missing: () => [],
	async make(folder) {
		const description = path.join(folder, 'description.json');
		writeFileSync(description, describeModel());
		const script = path.join(SOURCES, 'make_model.py');
		await run('model', program(tools, 'python'), [script, description, folder]);
	},
};

export const GGUF = path.join(folderOf(model), 'model.gguf');

/** For what loads models from a cache of Hugging Face's hub: it finds the one there by its name. */
export const HUB_ENVIRONMENT = {
	HF_HUB_CACHE: path.join(folderOf(model), 'hub'),
	HF_HUB_OFFLINE: '1',
	HF_HUB_DISABLE_TELEMETRY: '1',
};
