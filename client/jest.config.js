/** Component and client tests; `lib/` tests without a component run under the same roof. */
module.exports = {
  // the first render of a file compiles what it imports, which takes long on a busy machine
  testTimeout: 60_000,
  preset: 'jest-expo',
  // Reanimated's native half does not exist here; this resolver takes its JavaScript half.
  resolver: 'react-native-worklets/jest/resolver.js',
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  // The workspaces and the ESM packages among these are written for a bundler: Babel reads them first.
  transformIgnorePatterns: [
    'node_modules/(?!(.*/)?((jest-)?react-native|@react-native(-community)?|expo(nent)?|@expo(nent)?/.*|@expo-google-fonts/.*|react-navigation|@2t1l|@noble|react-native-svg|react-native-reanimated|react-native-worklets|react-redux|@reduxjs|immer|until-async))',
  ],
};
