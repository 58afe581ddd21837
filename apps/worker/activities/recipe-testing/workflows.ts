/** What the integration tests bundle: the two workflows that they try, and nothing else. */
export { recipeWorkflow } from '../../../../workflows/recipe/workflow.js';
export { jobWorkflow } from '../../../../workflows/job/workflow.js';
