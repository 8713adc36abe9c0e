export { LoadingScreen as SuspenseFallback } from '../../features/shell/loading-screen.tsx';
export { TabsLayout as default } from '../../features/shell/tabs-layout.tsx';
