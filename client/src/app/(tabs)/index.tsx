export { FeedScreen as default } from '../../features/feed/feed-screen.tsx';
