import type { ILoadOptionsFunctions } from 'n8n-workflow';

/** What fills the searchable lists of both forms, loaded when somebody opens one. */
export const listSearch = {
	async searchModels(this: ILoadOptionsFunctions, filter?: string) {
		const { searchModels } = await import('./searchModels');
		return await searchModels.call(this, filter);
	},
};
