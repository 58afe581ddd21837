// What may be downloaded, from whom, and the sha256 that an archive must have to be unpacked and run. A platform that is not here is
// built by Go. Temporal: https://github.com/temporalio/cli/releases (MIT), MongoDB: https://www.mongodb.com/try/download/community (SSPL:
// fetched by your own machine from its vendor, never shipped by us).
import fs from 'node:fs';

export const TEMPORAL_VERSION = '1.8.3';
export const MONGO_VERSION = '8.0.32';

const TEMPORAL = {
  'linux-x64': ['linux_amd64', '6f0afac1e9ddea71f480c43a49f5db5167a244c21db923707f069a79bcabdfea'],
  'darwin-arm64': ['darwin_arm64', '77c5bef1753ddfcdcaced2a2d44207aeced1c776e7bcbf94520c7911bd0c4080'],
};

const MONGO = {
  'linux-x64': {
    ubuntu2004: 'db3533f4fdeeb9f590b2b4e8219007bc3d5ae65b5b5c843aecca3f730cf0eb41',
    ubuntu2204: '41da8d92dde2896ebda278cf296ae86462da6b39eda81ce6ce4fb9ce819adb2e',
    ubuntu2404: 'b411be17c31ef249767ed91974d876e007c91afd5f45e1534057d247eada9f0d',
    debian12: 'b61cda162c6592347b7503c683145304f74c900b1c10a395520c7c24d3f8445c',
    rhel8: '0c582aa72b45fb74e15c47f4d13d329a506ae5b7ceef65362fa11b40826da0aa',
    rhel93: '91d7f9fd463d3b91359528bcce8d8c2c30ff6aa90f1f58480e225d70a7057566',
    amazon2023: '6c2a714294985566a21cb9b97dd7422a0d46e43affca95d2d1dc303f0e60515e',
  },
  'linux-arm64': {
    ubuntu2004: '7063f857e5ce0b2bbd168b5a6f140de83dddaf819af3c3974aabf667b6c993cc',
    ubuntu2204: '7411bc9efef53346a26e67241ca9db9926c30b7a056e2515068223b497682c81',
    ubuntu2404: '8cca3993520a7f189790264ee57fb5d55a91094fb4be5f06bbbaf67c974d273f',
    rhel8: 'a7ff6ade9efb7c0566a4b2f3bc828a245729c1a0553c311d992f3564fab3f5bf',
    rhel93: '76e77cf57421604d3f302078e73d37523d067716f587c6c634ed94adbc8540d0',
    amazon2023: 'b55cd433aa3c3ea43b9545d3625e52068e25f18eea7ba156b12d97b28d4fc4f9',
  },
  'darwin-x64': { macos: '4073d96f1a83ecae289997cb1f9ace5258a740fdb9b8b06ee00098ec342d1bce' },
  'darwin-arm64': { macos: 'f81cb258434d548dca7244d599c82eb339043d8dedd0b1b807870c9d263117f2' },
};

/** `{ url, sha256, program }` of Temporal's CLI for a machine; undefined where there is none that we know. */
export function temporalRelease(machine = thisMachine()) {
  const [name, sha256] = TEMPORAL[`${machine.platform}-${machine.arch}`] ?? [];
  if (!name) return undefined;
  const url = `https://github.com/temporalio/cli/releases/download/v${TEMPORAL_VERSION}/temporal_cli_${TEMPORAL_VERSION}_${name}.tar.gz`;
  return { url, sha256, program: 'temporal' };
}

/** The same of MongoDB's server. */
export function mongoRelease(machine = thisMachine()) {
  const target = machine.platform === 'darwin' ? 'macos' : linuxTarget(machine.osRelease);
  const sha256 = MONGO[`${machine.platform}-${machine.arch}`]?.[target];
  if (!sha256) return undefined;
  const mac = machine.platform === 'darwin';
  const cpu = machine.arch === 'x64' ? 'x86_64' : mac ? 'arm64' : 'aarch64';
  const name = mac ? `mongodb-macos-${cpu}` : `mongodb-linux-${cpu}-${target}`;
  const url = `https://fastdl.mongodb.org/${mac ? 'osx' : 'linux'}/${name}-${MONGO_VERSION}.tgz`;
  return { url, sha256, program: 'mongod' };
}

function thisMachine() {
  const { platform, arch } = process;
  return { platform, arch, osRelease: platform === 'linux' ? textOf('/etc/os-release') : '' };
}

const UBUNTU = { focal: 'ubuntu2004', jammy: 'ubuntu2204', noble: 'ubuntu2404' };
const DEBIAN = { 11: 'ubuntu2004', 12: 'debian12', 13: 'debian12' };

/** The build that suits a Linux, by its /etc/os-release (os-release(5)); derivatives name what they are like. */
function linuxTarget(osRelease) {
  const field = (name) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  const kinds = [field('ID'), ...field('ID_LIKE').split(' ')];
  const major = Number.parseInt(field('VERSION_ID'), 10);
  if (kinds.includes('ubuntu')) return UBUNTU[field('UBUNTU_CODENAME') || field('VERSION_CODENAME')];
  if (kinds[0] === 'debian') return DEBIAN[major];
  if (kinds[0] === 'amzn') return major === 2023 ? 'amazon2023' : undefined;
  if (kinds.includes('rhel') || kinds.includes('centos'))
    return major === 8 ? 'rhel8' : major === 9 ? 'rhel93' : undefined;
  return undefined;
}

function textOf(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
