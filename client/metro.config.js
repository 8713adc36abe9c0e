const path = require('node:path');
const { getDefaultConfig } = require('expo/metro-config');

const root = path.resolve(__dirname, '..');
const config = getDefaultConfig(__dirname);

// The rules and the contract are workspaces beside this one; nothing of the server is ever watched or bundled.
config.watchFolders = ['game', 'contract', 'analysis', 'node_modules'].map((folder) => path.join(root, folder)).filter(exists);
config.resolver.nodeModulesPaths = [path.join(__dirname, 'node_modules'), path.join(root, 'node_modules')];
config.resolver.unstable_enablePackageExports = true;

function exists(folder) {
  return require('node:fs').existsSync(folder);
}

module.exports = config;
