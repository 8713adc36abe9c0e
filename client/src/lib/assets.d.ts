/** Files that Metro lays beside the web app; importing one gives its address. */
declare module '*.bin' {
  const address: string;
  export default address;
}
declare module '*.wasm' {
  const address: string;
  export default address;
}
