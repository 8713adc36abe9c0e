export { WatchScreen as default } from '../../features/watch/watch-screen.tsx';
