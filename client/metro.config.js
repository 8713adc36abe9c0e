const fs = require('node:fs');
const path = require('node:path');
const { getDefaultConfig } = require('expo/metro-config');

const root = path.resolve(__dirname, '..');
const config = getDefaultConfig(__dirname);

// The rules and the contract are workspaces beside this one; nothing of the server is ever watched or bundled.
config.watchFolders = ['game', 'contract', 'analysis', 'node_modules'].map((folder) => path.join(root, folder)).filter(fs.existsSync);
config.resolver.nodeModulesPaths = [path.join(__dirname, 'node_modules'), path.join(root, 'node_modules')];
config.resolver.unstable_enablePackageExports = true;

// Weights of the face nets and TensorFlow.js' WebAssembly: files beside the app, fetched by the preview's worker alone.
config.resolver.assetExts.push('bin', 'wasm');

// zod brings its sentences in fifty languages; ours stand in the features' own texts, by field.
const zodLocales = path.join('zod', 'v4', 'locales', 'index.js');
// In a browser the app's motion is its own: the library is a fifth of all programs of the first screen.
const motion = path.join(__dirname, 'src/ui/motion.web.tsx');
config.resolver.resolveRequest = (context, name, platform) => {
  if (platform === 'web' && name === 'react-native-reanimated') {
    return { type: 'sourceFile', filePath: motion };
  }
  const found = context.resolveRequest(context, name, platform);
  return found.type === 'sourceFile' && found.filePath.endsWith(zodLocales) ? { type: 'empty' } : found;
};

module.exports = config;
