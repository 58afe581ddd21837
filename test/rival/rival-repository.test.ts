/** The peer's faults in what surrounds its code: settings, licence, self-hosting. Ours is looked up in the repository itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles } from '../support/git.js';
import { measured } from './rival-faults.js';

const ROOT = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const files = repositoryFiles({ toBe: false });

test('R-20 no Redis is named in any environment, compose file, script, package or source', () => {
  const looked = files.filter(
    (path) =>
      /\.(ts|mjs|cjs|json|ya?ml|env|sh)$|Dockerfile/.test(path) &&
      !/^(test\/rival\/|package-lock\.json$|scripts\/proof\/)/.test(path),
  );
  const naming = looked.filter((path) => /\bredis/i.test(read(path)));
  const packages = Object.keys(
    (JSON.parse(read('package.json')) as { dependencies: Record<string, string> }).dependencies,
  ).filter((name) => /redis/.test(name));
  measured(
    'R-20',
    `${naming.length} of ${looked.length} files and ${packages.length} packages name a Redis; the start brings up all that it needs`,
  );
  expect(looked.length).toBeGreaterThan(300);
  expect([...naming, ...packages]).toEqual([]);
});

test('R-21 one licence for everything, without conditions on self-hosting', () => {
  const licence = read('LICENSE');
  const manifest = JSON.parse(read('package.json')) as { license: string };
  const others = files.filter(
    (path) => /(^|\/)(LICEN[CS]E|COPYING)[^/]*$/i.test(path) && path !== 'LICENSE' && !/\/vendor\//.test(path),
  );
  const gates = files.filter(
    (path) => /^(apps|libs|workflows)\/.*\.ts$/.test(path) && /licen[cs]e[-_ ]?key/i.test(read(path)),
  );
  measured(
    'R-21',
    `${manifest.license}, ${others.length} other licence files, ${gates.length} sources that ask for a licence key`,
  );
  expect(licence).toMatch(/Apache License\s+Version 2\.0/);
  expect({ licence: manifest.license, gates }).toEqual({ licence: 'Apache-2.0', gates: [] });
});

test('R-22 running it oneself is part of the repository: one command, and the same grown up by containers', () => {
  const compose = read('docker-compose.yml');
  const [, section = ''] = /^services:\n([\s\S]*?)^\S/m.exec(compose) ?? [];
  const services = [...section.matchAll(/^ {2}([a-z0-9-]+):/gm)].map(([, name]) => name!);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const kubernetes = files.filter((path) => /(^|\/)(helm|k8s|kubernetes)\//i.test(path)).length;
  measured(
    'R-22',
    `npm start, and docker-compose.yml with ${services.length} services, both documented in the README; Kubernetes: ${kubernetes === 0 ? 'not built' : `${kubernetes} files`}`,
  );
  expect(scripts['start']).toBeDefined();
  expect(services.filter((name) => /^(gateway|worker)/.test(name)).length).toBeGreaterThanOrEqual(2);
  expect(read('README.md')).toMatch(/docker-compose\.yml/);
});
