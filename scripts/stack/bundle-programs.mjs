// The last step of `npm run build`: each program of ours as one file, `dist/bin/<app>/<program>.js`. Node opens, resolves and compiles a
// thousand small files for a gateway, which takes four times as long as all that it does until it is ready. What Temporal's SDK loads by
// path or shares with its native core stays outside, and so does what a package asks for only if it is there.
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROGRAMS = {
  emulators: ['main'],
  gateway: ['main', 'make-workspace'],
  worker: ['main', 'setup', 'doctor', 'manage-keys', 'rebuild-actors', 'roll'],
};
const OUTSIDE = [
  '@temporalio/*',
  '@grpc/grpc-js',
  'protobufjs',
  // Files of these are read at run time.
  'swagger-ui-dist',
  // Wished for by Nest and by MongoDB's driver if they are there.
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@nestjs/platform-express',
  '@fastify/static',
  '@fastify/view',
  '@fastify/multipart',
  'class-transformer',
  'class-validator',
  '@aws-sdk/credential-providers',
  '@mongodb-js/zstd',
  'gcp-metadata',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const apps = path.join(root, 'dist', 'apps');
const bin = path.join(root, 'dist', 'bin');

/** A module of ours that looks for a file beside itself still finds it: its folder is told from where the program stands. */
const ownFolders = {
  name: 'own-folders',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/](apps|libs)[\\/].*\.js$/ }, async ({ path: file }) => {
      const text = await fs.readFile(file, 'utf8');
      if (!/\b__(dirname|filename)\b/.test(text)) return undefined;
      const folder = path.relative(path.join(bin, 'app'), path.dirname(file));
      const beside = (name) => `require("node:path").join(__dirname, ${JSON.stringify(path.join(folder, name))})`;
      const told = { __dirname: beside(''), __filename: beside(path.basename(file)) };
      return { contents: text.replace(/\b__(dirname|filename)\b/g, (name) => told[name]) };
    });
  },
};

await build({
  entryPoints: Object.entries(PROGRAMS).flatMap(([app, names]) =>
    names.map((name) => path.join(apps, app, `${name}.js`)),
  ),
  outdir: bin,
  outbase: apps,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Nest finds providers by the names of their classes.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  // Packages that are ES modules ask where they are.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  external: OUTSIDE,
  plugins: [ownFolders],
  logLevel: 'warning',
});
