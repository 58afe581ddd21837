/** All workflows: the one file that Temporal bundles (and the only barrel). */
export { connectionWorkflow } from './connection/workflow.js';
export { recipeWorkflow } from './recipe/workflow.js';
export { jobWorkflow } from './job/workflow.js';
export { metadataWorkflow } from './metadata/workflow.js';
