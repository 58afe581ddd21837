// `node --require scripts/stack/typescript-hook.cjs test/bench/main.ts`: runs TypeScript of test/ as it stands, with SWC. What
// test/ imports by `#…` comes from dist, so that what is measured is what ships. Needs installed packages and a build.
const fs = require('node:fs');
const Module = require('node:module');
const { isMainThread } = require('node:worker_threads');
const OPTIONS = require('./swc-options.cjs');

// The threads of a Temporal worker inherit the preload; they run what was bundled, and SWC would only take their memory.
if (isMainThread) installHook(require('@swc/core').transformSync);

function installHook(transformSync) {
  Module._extensions['.ts'] = (module, file) => {
    module._compile(transformSync(fs.readFileSync(file, 'utf8'), { ...OPTIONS, filename: file }).code, file);
  };

  // Relative imports name the file that the compiler would make: `./x.js` is `./x.ts` here.
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...rest) {
    if (/^\.{1,2}\/.*\.js$/.test(request) && parent?.filename?.endsWith('.ts')) {
      try {
        return resolve.call(this, request.replace(/\.js$/, '.ts'), parent, ...rest);
      } catch {
        // A file that is JavaScript itself.
      }
    }
    return resolve.call(this, request, parent, ...rest);
  };
}
