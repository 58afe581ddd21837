/** What the integration test bundles: the two workflows that it tries, and nothing else. */
export { recipeWorkflow } from '../../../workflows/recipe/workflow.js';
export { jobWorkflow } from '../../../workflows/job/workflow.js';
