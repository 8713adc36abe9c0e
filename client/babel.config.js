// babel-preset-expo adds the worklets plugin that reanimated needs by itself.
module.exports = (api) => {
  api.cache(true);
  return { presets: ['babel-preset-expo'] };
};
