export { CrashScreen as ErrorBoundary } from '../features/shell/crash-screen.tsx';
export { LoadingScreen as SuspenseFallback } from '../features/shell/loading-screen.tsx';
export { RootLayout as default } from '../features/shell/root-layout.tsx';
