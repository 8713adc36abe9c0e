export { CrashScreen as ErrorBoundary } from '../features/shell/crash-screen.tsx';
export { RootLayout as default } from '../features/shell/root-layout.tsx';
